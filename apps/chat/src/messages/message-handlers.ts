import type { messageActions, ParsedInput } from "@hutong/chat-api";
import type { Caller, Handlers } from "../api/handlers.ts";
import { MessageChanges, type MessageChangesParts } from "./change-messages.ts";
import { deleteMessages } from "./delete-messages.ts";
import { applyEdit } from "./edit-message.ts";
import type { FileReferences } from "./file-references.ts";
import { forwardMessages } from "./forward-messages.ts";
import { DEFAULT_MESSAGE_RULES, type MessageRules } from "./message-rules.ts";
import type { MessageDraft, MessageStore } from "./message-store.ts";
import { messageView, messageViews, namedUsers } from "./message-views.ts";
import { applyReaction } from "./react.ts";
import { listReaders, pullChanges, pullMessages } from "./read-messages.ts";
import { applyRecall } from "./recall-message.ts";
import { MessageIndexer } from "./search/message-indexer.ts";
import { searchMessages } from "./search/search-messages.ts";

/** What the handlers of messages need. */
export interface MessageParts extends MessageChangesParts {
  readonly store: MessageStore;
  readonly files: FileReferences;
  /** @defaultValue {@link DEFAULT_MESSAGE_RULES} */
  readonly rules?: Partial<MessageRules>;
}

/** Answers the actions of messages. */
export function messageHandlers(parts: MessageParts): Handlers<keyof typeof messageActions> {
  const { database, clock, profiles, inbox, store, files } = parts;
  const rules: MessageRules = { ...DEFAULT_MESSAGE_RULES, ...parts.rules };
  const engine = database.kind;
  const changes = new MessageChanges(parts);
  const indexer = new MessageIndexer(parts);
  return {
    send_message: async (input, { caller }) => {
      const { row, isDuplicate } = await store.send(draftOf(input, caller));
      // A new message has no reactions yet.
      const [message = messageView(row, caller.userId)] = isDuplicate
        ? await messageViews(database.read, [row], caller.userId)
        : [];
      return { message, duplicate: isDuplicate };
    },
    pull_messages: (input, { caller: { userId } }) => pullMessages(parts, input, userId),
    pull_changes: (input, { caller: { userId } }) => pullChanges(parts, input, userId),
    edit_message: async ({ conversationId, seq, text }, { caller }) => ({
      message: await changes.change({
        conversationId,
        seq,
        userId: caller.userId,
        kind: "edit",
        apply: (step) => applyEdit(step, { text, caller, rules, engine }),
      }),
    }),
    recall_message: async ({ conversationId, seq }, { caller: { userId } }) => ({
      message: await changes.change({
        conversationId,
        seq,
        userId,
        kind: "recall",
        apply: (step) => applyRecall(step, { rules, engine, files }),
      }),
    }),
    react: async ({ conversationId, seq, emoji, on }, { caller }) => ({
      message: await changes.change({
        conversationId,
        seq,
        userId: caller.userId,
        kind: "reaction",
        apply: (step) => applyReaction(step, { emoji, on, caller }),
      }),
    }),
    delete_messages: async ({ conversationId, seqs }, { caller: { userId } }) => {
      const wish = { conversationId, seqs, userId, at: clock.now() };
      inbox.publish(await database.write((transaction) => deleteMessages(transaction, wish)));
      return {};
    },
    forward_messages: (input, { caller }) => forwardMessages(parts, input, caller),
    list_readers: (input, { caller: { userId } }) => listReaders(parts, input, userId),
    search_messages: async ({ limit, ...query }, { caller: { userId } }) => {
      await indexer.catchUp();
      const rows = await searchMessages(database, { ...query, userId, limit });
      const messages = await messageViews(database.read, rows.slice(0, limit), userId);
      return { messages, users: await profiles.users(namedUsers(messages)), more: rows.length > limit };
    },
  };
}

function draftOf(input: ParsedInput<"send_message">, { userId, kind }: Caller): MessageDraft {
  return { ...input, sender: { id: userId, kind, name: null }, forwarded: false };
}
