import type { Migration } from "@hutong/database";
import { CHAT } from "./migrations/0001-chat.ts";
import { MESSAGE_SEARCH } from "./migrations/0002-message-search.ts";
import { WAFER } from "./migrations/0003-wafer.ts";
import { SHORT_PENDING_LIST } from "./migrations/0004-short-pending-list.ts";
import { REQUEST_AGE } from "./migrations/0005-request-age.ts";
import { NO_SESSION_KEYS } from "./migrations/0006-no-session-keys.ts";

/** Every step of the chat's schema, the oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  CHAT,
  MESSAGE_SEARCH,
  WAFER,
  SHORT_PENDING_LIST,
  REQUEST_AGE,
  NO_SESSION_KEYS,
];
