/** What keeps groups finite, and their admins from being pestered. */
export const GROUP_LIMITS = {
  members: 500,
  /** Invitations of a group that can be used at the same time. */
  invites: 100,
  /** Requests of one user to get into one group within {@link GROUP_LIMITS.requestWindowMs}, refused ones included. */
  requests: 5,
  requestWindowMs: 86_400_000,
  /** How long a request is kept that has an answer. */
  requestRetentionMs: 30 * 86_400_000,
  /** Requests in a list, the oldest ones. */
  requestPage: 200,
} as const;
