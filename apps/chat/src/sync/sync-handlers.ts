import type { ParsedInput, Snapshot, syncActions } from "@hutong/chat-api";
import { CHAT_LIMITS } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Kysely } from "kysely";
import { toMe } from "../accounts/account-views.ts";
import type { Handlers } from "../api/handlers.ts";
import { usersOf } from "../conversations/announce.ts";
import { listConversations, totalUnread } from "../conversations/conversation-list.ts";
import { conversationViews } from "../conversations/conversation-views.ts";
import type { Tables } from "../storage/tables.ts";
import { movedConversations } from "./moved-conversations.ts";
import { newestUserSeq, userEventsAfter } from "./user-log.ts";

/** What the handlers of synchronisation need. */
export interface SyncParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  /** How often clients are to ask whether something moved, in milliseconds. */
  readonly heartbeatMs: number;
}

const FIRST_PAGE = 50;
const MAX_MOVED = CHAT_LIMITS.knownConversations;

/** Answers the actions of catching up. */
export function syncHandlers({ database, clock, heartbeatMs }: SyncParts): Handlers<keyof typeof syncActions> {
  return {
    sync: async (input, { caller: { userId } }) => {
      // The clock is read first: what commits meanwhile is found again by the next synchronisation.
      const now = clock.now();
      const [row, log] = await Promise.all([
        database.read.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirstOrThrow(),
        userEventsAfter(database.read, userId, input.userSeq),
      ]);
      const [{ conversations, next, isWhole }, unread] = await Promise.all([
        lacking(database.read, userId, input, log.isComplete),
        totalUnread(database.read, userId),
      ]);
      return {
        me: toMe(row),
        now,
        userSeq: log.userSeq,
        events: isWhole ? [] : log.events,
        reload: isWhole,
        conversations,
        next,
        users: await usersOf(database.read, conversations),
        unread,
        heartbeatMs,
      };
    },
    heartbeat: async ({ since }, { caller: { userId } }) => {
      const now = clock.now();
      const [userSeq, moved] = await Promise.all([
        newestUserSeq(database.read, userId),
        movedConversations(database.read, userId, { since, limit: MAX_MOVED + 1 }),
      ]);
      return { now, userSeq, changed: moved.slice(0, MAX_MOVED), more: moved.length > MAX_MOVED };
    },
  };
}

/** The conversations that a client lacks: those that moved, or the first page of all when it is new or too far behind. */
async function lacking(
  executor: Kysely<Tables>,
  userId: string,
  { since, known }: ParsedInput<"sync">,
  isLogComplete: boolean,
): Promise<Pick<Snapshot, "conversations" | "next"> & { readonly isWhole: boolean }> {
  const moved = since === 0 ? [] : await movedConversations(executor, userId, { since, limit: MAX_MOVED + 1 });
  if (since === 0 || !isLogComplete || moved.length > MAX_MOVED) {
    return { ...(await listConversations(executor, userId, { limit: FIRST_PAGE })), isWhole: true };
  }
  const held = new Map(known.map((conversation) => [conversation.id, conversation]));
  const ids = new Set(moved.map(({ id }) => id));
  for (const view of await conversationViews(executor, userId, [...held.keys()])) {
    const { lastSeq = 0, changeSeq = 0, metaSeq = 0 } = held.get(view.id) ?? {};
    if (view.lastSeq > lastSeq || view.changeSeq > changeSeq || view.metaSeq > metaSeq) ids.add(view.id);
  }
  return { conversations: await conversationViews(executor, userId, [...ids]), next: null, isWhole: false };
}
