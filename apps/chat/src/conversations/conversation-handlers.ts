import type { conversationActions } from "@hutong/chat-api";
import type { Clock } from "@hutong/server/plugin";
import type { Kysely, Transaction } from "kysely";
import { readUser } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import type { Handlers } from "../api/handlers.ts";
import { commit, type CommitParts } from "../inbox/commit.ts";
import type { News } from "../inbox/news.ts";
import type { Tables } from "../storage/tables.ts";
import { conversationNews, usersOf } from "./announce.ts";
import { listConversations, totalUnread } from "./conversation-list.ts";
import { conversationView } from "./conversation-views.ts";
import { listMembers } from "./list-members.ts";
import { markRead, markReceived } from "./marks.ts";
import { addMember, requirePresentMember } from "./membership.ts";
import { changeMembership, clearHistory } from "./own-membership.ts";
import { openDirect } from "./open-direct.ts";
import { ensureRoom } from "./open-room.ts";
import { Typing } from "./typing.ts";

/** What the handlers of conversations need. */
export interface ConversationParts extends CommitParts {
  readonly clock: Clock;
  /** Names of the rooms that everyone with a session may enter. */
  readonly publicRooms: readonly string[];
}

/** Answers the actions of conversations. */
export function conversationHandlers(parts: ConversationParts): Handlers<keyof typeof conversationActions> {
  const { database, inbox, clock, publicRooms } = parts;
  const typing = new Typing(clock);
  const publishing = (work: (transaction: Transaction<Tables>, at: number) => Promise<News>): Promise<unknown> =>
    commit(parts, async (transaction) => ({ news: await work(transaction, clock.now()) }));
  return {
    list_conversations: async (page, { caller: { userId } }) => {
      const [{ conversations, next }, unread] = await Promise.all([
        listConversations(database.read, userId, page),
        totalUnread(database.read, userId),
      ]);
      return { conversations, users: await usersOf(database.read, conversations), next, unread };
    },
    get_conversation: ({ conversationId }, { caller: { userId } }) => shown(database.read, userId, conversationId),
    open_direct: async ({ userId: peerId }, { caller: { userId } }) => {
      if (peerId === userId) throw new ChatError("bad_request", { message: "Nobody talks to oneself" });
      await readUser(database.read, peerId);
      const conversationId = await database.write((transaction) =>
        openDirect(transaction, { userId, peerId, at: clock.now() }),
      );
      return shown(database.read, userId, conversationId);
    },
    open_room: async ({ name }, { caller: { userId } }) => {
      if (!publicRooms.includes(name)) throw new ChatError("not_found");
      const conversationId = await database.write(async (transaction) => {
        const at = clock.now();
        const conversation = await ensureRoom(transaction, { name, at });
        await addMember(transaction, { conversation, userId, at });
        return conversation.id;
      });
      return shown(database.read, userId, conversationId);
    },
    list_members: async ({ conversationId, ...page }, { caller: { userId } }) => {
      await requirePresentMember(database.read, conversationId, userId);
      return listMembers(database.read, conversationId, page);
    },
    update_membership: async ({ conversationId, ...change }, { caller: { userId } }) => {
      await publishing(async (transaction, at) => {
        await changeMembership(transaction, { conversationId, userId, at }, change);
        return conversationNews(transaction, conversationId, [userId]);
      });
      return { conversation: await conversationView(database.read, userId, conversationId) };
    },
    mark_read: async ({ conversationId, seq }, { caller: { userId } }) => {
      const { readSeq, unread } = await commit(parts, (transaction) =>
        markRead(transaction, { conversationId, userId, seq, at: clock.now() }),
      );
      return { readSeq, unread };
    },
    mark_received: async ({ conversationId, seq }, { caller: { userId } }) => {
      await publishing((transaction, at) => markReceived(transaction, { conversationId, userId, seq, at }));
      return {};
    },
    set_typing: async ({ conversationId, typing: isTyping }, { caller: { userId, kind: senderKind } }) => {
      const sign = { conversationId, userId, senderKind, typing: isTyping };
      inbox.publish(await typing.news(database.read, sign));
      return {};
    },
    clear_history: async ({ conversationId }, { caller: { userId } }) => {
      await publishing(async (transaction, at) => {
        await clearHistory(transaction, { conversationId, userId, at });
        return conversationNews(transaction, conversationId, [userId]);
      });
      return { conversation: await conversationView(database.read, userId, conversationId) };
    },
  };
}

async function shown(executor: Kysely<Tables>, userId: string, conversationId: string) {
  const conversation = await conversationView(executor, userId, conversationId);
  return { conversation, users: await usersOf(executor, [conversation]) };
}
