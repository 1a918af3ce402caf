/** What keeps lists of people finite, and people from being pestered. */
export const FRIEND_LIMITS = {
  friends: 3_000,
  blocks: 1_000,
  /** How long a request can be answered. */
  requestLifeMs: 7 * 86_400_000,
  /** Requests of one user to another within {@link FRIEND_LIMITS.requestWindowMs}, answered ones included. */
  requests: 5,
  /** Requests of one user to everybody within {@link FRIEND_LIMITS.requestWindowMs}. */
  requestsToAll: 100,
  requestWindowMs: 86_400_000,
  /** How long a request is kept, whatever became of it. */
  requestRetentionMs: 30 * 86_400_000,
  /** Requests in one page of a list. */
  requestPage: 50,
} as const;
