import type { ConversationEntry } from "@hutong/chat-client";
import type { Face } from "./face";
import { conversationFace, conversationTitle, type Naming } from "./names";

/** A conversation in a list to choose from. */
export interface ConversationLine {
  readonly id: string;
  readonly title: string;
  readonly face: Face;
}

/** The conversations of the list whose title holds the query. */
export function conversationLines(naming: Naming, query: string): readonly ConversationLine[] {
  const wanted = query.trim().toLowerCase();
  return naming.chat.book.list.value
    .map((entry) => conversationLine(naming, entry))
    .filter(({ title }) => title.toLowerCase().includes(wanted));
}

function conversationLine(naming: Naming, { id, view }: ConversationEntry): ConversationLine {
  return { id, title: conversationTitle(naming, view.value), face: conversationFace(naming, view.value) };
}
