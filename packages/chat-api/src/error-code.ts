/** One row of {@link CHAT_ERROR_CODES}. */
export interface ChatErrorCode {
  /** The HTTP status that mirrors the code. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503 | 507;
  /** Whether the same call can succeed later without a change. */
  readonly retryable: boolean;
  /** What happened, for people. */
  readonly summary: string;
}

/**
 * Every error of the chat's API, over HTTP and over the socket. Codes are never renamed and never used again. What may
 * not be known to the caller is `not_found`, whether it exists or not.
 */
export const CHAT_ERROR_CODES = {
  bad_request: { status: 400, retryable: false, summary: "The input does not fit the action's schema." },
  unauthorized: { status: 401, retryable: false, summary: "There is no session, or its token is not valid." },
  token_expired: { status: 401, retryable: false, summary: "The access token has expired; refresh the session." },
  wrong_credentials: { status: 401, retryable: false, summary: "The user name or the password is wrong." },
  invalid_code: { status: 401, retryable: false, summary: "The WeChat login code is not valid; ask for a new one." },
  account_disabled: { status: 403, retryable: false, summary: "The account is disabled." },
  forbidden: { status: 403, retryable: false, summary: "The caller's role does not allow it." },
  users_only: { status: 403, retryable: false, summary: "Visitors may not do this; sign up first." },
  not_member: { status: 403, retryable: false, summary: "The caller is not a member of the conversation." },
  not_friend: { status: 403, retryable: false, summary: "The recipient takes messages of friends only." },
  stranger_limit: {
    status: 403,
    retryable: false,
    summary: "The recipient takes no more messages before the two are friends.",
  },
  blocked: { status: 403, retryable: false, summary: "The recipient does not accept this." },
  muted: { status: 403, retryable: false, summary: "The caller is muted in the conversation." },
  mute_all: { status: 403, retryable: false, summary: "Only the owner and admins may write in the group now." },
  conversation_closed: { status: 403, retryable: false, summary: "The conversation has ended." },
  recall_expired: { status: 403, retryable: false, summary: "The time in which a message can be recalled is over." },
  edit_expired: { status: 403, retryable: false, summary: "The time in which a message can be edited is over." },
  content_rejected: { status: 403, retryable: false, summary: "The content check refused it." },
  not_found: { status: 404, retryable: false, summary: "It does not exist, or the caller may not know of it." },
  name_taken: { status: 409, retryable: false, summary: "The user name is taken." },
  client_message_id_conflict: {
    status: 409,
    retryable: false,
    summary: "The client message id was used for other content.",
  },
  idempotency_conflict: { status: 409, retryable: false, summary: "The idempotency key was used for another call." },
  conflict: { status: 409, retryable: false, summary: "The state has changed, so that this is no longer possible." },
  limit_reached: { status: 409, retryable: false, summary: "A fixed number, for example of friends, is reached." },
  too_large: { status: 413, retryable: false, summary: "The message or the file is too large." },
  type_not_allowed: { status: 415, retryable: false, summary: "Files of this type are not accepted." },
  rate_limited: { status: 429, retryable: true, summary: "Calls come faster than allowed." },
  slow_mode: { status: 429, retryable: true, summary: "The group allows one message per interval." },
  internal: { status: 500, retryable: true, summary: "Something failed inside." },
  unavailable: { status: 503, retryable: true, summary: "Something that the server needs does not answer now." },
  storage_full: { status: 507, retryable: false, summary: "The server has no room for the file." },
} as const satisfies Record<string, ChatErrorCode>;

/** The name of a chat error. */
export type ChatErrorName = keyof typeof CHAT_ERROR_CODES;

/** Whether a word is the name of a chat error. */
export function isChatErrorName(word: string): word is ChatErrorName {
  return Object.hasOwn(CHAT_ERROR_CODES, word);
}
