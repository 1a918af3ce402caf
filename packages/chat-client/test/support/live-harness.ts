import type { Message } from "@hutong/chat-api";
import { FakeClock } from "@hutong/testing";

import { CatchUp } from "../../src/sync/catch-up.ts";
import { ConversationBook, type ConversationEntry } from "../../src/conversations/conversation-book.ts";
import { LiveEvents } from "../../src/sync/live-events.ts";
import { ADA, conversationOf, messagesOf, ScriptedServer } from "./scripted-server.ts";

/** Live events and catching up, as the page puts them together. */
export class LiveHarness {
  readonly clock = new FakeClock();
  readonly server = new ScriptedServer();
  readonly book = new ConversationBook();
  readonly arrived: number[] = [];
  readonly ownIds: string[] = [];
  readonly catchUp: CatchUp = new CatchUp({
    book: this.book,
    call: this.server.call,
    clock: this.clock,
    live: () => this.live,
  });
  readonly live: LiveEvents = new LiveEvents({
    book: this.book,
    userId: ADA,
    clock: this.clock,
    listener: {
      lacking: (conversationId) => this.catchUp.soon(conversationId),
      ownArrived: (clientMessageId) => this.ownIds.push(clientMessageId),
      arrived: (_entry, message) => this.arrived.push(message.seq),
    },
  });

  /** Puts the conversation "c1" in place, with its first `lastSeq` messages held. */
  hold(lastSeq: number, change: Parameters<typeof conversationOf>[0] = {}): ConversationEntry {
    const messages = messagesOf(1, lastSeq);
    const entry = this.book.putConversation(
      conversationOf({ lastSeq, readSeq: lastSeq, lastMessage: messages.at(-1) ?? null, ...change }),
    );
    if (lastSeq > 0) this.book.putMessages(entry, messages, { lo: 1, hi: lastSeq });
    return entry;
  }

  /** Makes the server know the conversation with these messages. */
  serve(messages: readonly Message[], changeSeq = 0): void {
    this.server.serveMessages(messages, changeSeq);
    const lastMessage = messages.at(-1) ?? null;
    const lastSeq = lastMessage?.seq ?? 0;
    this.server.answer({
      get_conversation: () => ({
        conversation: conversationOf({ lastSeq, changeSeq, lastMessage, unread: lastSeq }),
        users: [],
      }),
      pull_changes: () => ({ changes: [], users: [], changeSeq, reload: false }),
    });
  }

  push(message: Message): void {
    this.live.message({ message, users: [] });
  }
}

/** The seqs of the messages that a log holds. */
export function seqsOf({ log }: ConversationEntry): readonly number[] {
  return log.messages.map(({ seq }) => seq);
}
