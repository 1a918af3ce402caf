import type { Message } from "@hutong/chat-api";
import type { Face } from "./face";
import { shortMoment } from "./moments";
import { conversationTitle, messageText, type Naming, personFace, senderName } from "./names";

/** A message that a search has found. */
export interface FoundLine {
  /** Of the message. */
  readonly id: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly face: Face;
  readonly title: string;
  readonly time: string;
  /** The text around the first find, cut into what is before it, the find, and what is after it. */
  readonly before: string;
  readonly find: string;
  readonly after: string;
}

/** What the lines are made for. */
export interface FoundSource {
  readonly query: string;
  /** Whether the conversation is named; left out where all are of one. */
  readonly isElsewhere: boolean;
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
}

/** Characters that are shown before and after a find. */
const BEFORE = 12;
const AFTER = 60;

/** The messages that a search has found, as lines. */
export function foundMessageLines(
  naming: Naming,
  messages: readonly Message[],
  { query, isElsewhere, now }: FoundSource,
): readonly FoundLine[] {
  return messages.map((message) => {
    const { id, conversationId, seq, senderId, createdAt } = message;
    const name = senderName(naming, message);
    const view = naming.chat.book.entries.value.get(conversationId)?.view.value;
    const place = view === undefined || !isElsewhere ? name : conversationTitle(naming, view);
    return {
      ...{ id, conversationId, seq },
      face: personFace(naming, senderId),
      title: place === name ? name : `${name} · ${place}`,
      time: shortMoment(createdAt, now, naming.words),
      ...cutAround(messageText(naming, message).replace(/\s+/g, " "), query),
    };
  });
}

/** Cuts a text around the first word of a query that it holds. */
export function cutAround(text: string, query: string): Pick<FoundLine, "before" | "find" | "after"> {
  const lower = text.toLowerCase();
  const words = query.split(/\s+/).filter((word) => word !== "");
  const [first] = words
    .map((word) => ({ word, at: lower.indexOf(word.toLowerCase()) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at);
  if (first === undefined) return { before: text, find: "", after: "" };
  const from = Math.max(0, first.at - BEFORE);
  const end = first.at + first.word.length;
  return {
    before: (from > 0 ? "…" : "") + text.slice(from, first.at),
    find: text.slice(first.at, end),
    after: text.slice(end, end + AFTER),
  };
}
