import type { ChatErrorName } from "@hutong/chat-api";

/** What a notice of the server is about. */
export interface NoticeParts {
  /** Who did it; empty when it was nobody. */
  readonly actor: string;
  /** Whom it is about. */
  readonly people: string;
  /** What was set, such as a name or a role; empty where nothing was. */
  readonly text: string;
}

const errors: Readonly<Record<ChatErrorName | "network", string>> = {
  bad_request: "That is not accepted. Please check what you gave.",
  unauthorized: "Please sign in again.",
  token_expired: "Please sign in again.",
  wrong_credentials: "The user name or the password is wrong.",
  invalid_code: "The code is not valid.",
  account_disabled: "This account has been disabled.",
  forbidden: "You may not do that.",
  users_only: "Visitors cannot do that. Make an account first.",
  not_member: "You are not a member.",
  not_friend: "This person takes messages of friends only.",
  stranger_limit: "You can write more once you are friends.",
  blocked: "It was not accepted.",
  muted: "You cannot write here for a while.",
  mute_all: "Only the owner and admins may write now.",
  conversation_closed: "This conversation has ended.",
  recall_expired: "It is too late to take it back.",
  edit_expired: "It is too late to edit it.",
  content_rejected: "The content was not accepted.",
  not_found: "It is not there, or not for you to see.",
  name_taken: "That user name is taken.",
  client_message_id_conflict: "It was sent before with other content.",
  idempotency_conflict: "It was done before in another way.",
  conflict: "Meanwhile something has changed. Please look again.",
  limit_reached: "There cannot be more.",
  too_large: "It is too large.",
  type_not_allowed: "Files of this kind are not accepted.",
  rate_limited: "Too fast. Please wait a moment.",
  slow_mode: "Please wait before the next message.",
  internal: "Something went wrong. Please try again.",
  unavailable: "That does not work right now.",
  storage_full: "The server has no room for it.",
  network: "No connection to the server.",
};

/** What the server says by a code, in English: its errors, and the notices in conversations. */
export const en = {
  errors,
  notices: {
    friends: (_parts: NoticeParts): string => "You are friends now. Say hello.",
    group_created: ({ actor }: NoticeParts) => `${actor} made the group.`,
    members_joined: ({ actor, people }: NoticeParts) =>
      actor === "" || actor === people ? `${people} joined.` : `${actor} added ${people}.`,
    member_left: ({ actor, people }: NoticeParts) => `${people === "" ? actor : people} left.`,
    member_removed: ({ actor, people }: NoticeParts) => `${actor} removed ${people}.`,
    group_renamed: ({ actor, text }: NoticeParts) => `${actor} named the group “${text}”.`,
    notice_changed: ({ actor, text }: NoticeParts) =>
      text === "" ? `${actor} cleared the notice.` : `${actor} changed the notice: ${text}`,
    owner_changed: ({ actor, people }: NoticeParts) => `${actor} made ${people} the owner.`,
    role_changed: ({ actor, people, text }: NoticeParts) =>
      text === "admin" ? `${actor} made ${people} an admin.` : `${actor} made ${people} a member again.`,
    member_muted: ({ actor, people, text }: NoticeParts) =>
      text === "0" ? `${actor} let ${people} write again.` : `${actor} silenced ${people} for a while.`,
    mute_all_changed: ({ text }: NoticeParts): string =>
      text === "off" || text === "false" || text === "" ? "Everybody may write again." : "Only admins may write now.",
    group_dismissed: ({ actor }: NoticeParts) => `${actor} dismissed the group.`,
  },
};
