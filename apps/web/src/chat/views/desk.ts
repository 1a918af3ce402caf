import type { Message } from "@hutong/chat-api";
import type { ConversationEntry } from "@hutong/chat-client";
import { type Signal, signal } from "@preact/signals";

/** What somebody is about to do in an open conversation. */
export interface Desk {
  /** The message that is being answered. */
  readonly answered: Signal<Message | undefined>;
  /** The message that is being edited. */
  readonly edited: Signal<Message | undefined>;
  /** A text for the composer to take over, for example of a recalled message. */
  readonly proposed: Signal<string | undefined>;
  /** Files that wait for a yes. */
  readonly offered: Signal<readonly File[]>;
  /** The message for which a reaction is being chosen. */
  readonly reacting: Signal<Message | undefined>;
  /** The picture that is shown large. */
  readonly viewed: Signal<Message | undefined>;
  /** The messages that are about to be forwarded. */
  readonly forwarded: Signal<readonly Message[] | undefined>;
  /** Messages that are chosen for a common action; `undefined` while nobody chooses. */
  readonly chosen: Signal<ReadonlySet<number> | undefined>;
  /** Texts of own messages that were recalled here, by seq: they can be taken up again. */
  readonly recalledTexts: Signal<ReadonlyMap<number, string>>;
  /** Messages that are put out of sight until the deletion is certain. */
  readonly hidden: Signal<ReadonlySet<number>>;
  /** Where the reader was when the conversation was opened: the line of the unread stands there. */
  readonly unreadAfter: number | undefined;
}

/** Makes the desk of a conversation that is being opened. */
export function createDesk({ view }: ConversationEntry): Desk {
  const { unread, readSeq } = view.peek();
  return {
    answered: signal(undefined),
    edited: signal(undefined),
    proposed: signal(undefined),
    offered: signal([]),
    reacting: signal(undefined),
    viewed: signal(undefined),
    forwarded: signal(undefined),
    chosen: signal(undefined),
    hidden: signal(new Set()),
    recalledTexts: signal(new Map()),
    unreadAfter: unread > 0 ? readSeq : undefined,
  };
}
