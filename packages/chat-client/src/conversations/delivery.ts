import type { ConversationEntry } from "./conversation-book.ts";

/** How far an own message has come. */
export type Delivery =
  /** Stored by the server. */
  | { readonly kind: "sent" }
  /** On a device of the other one. */
  | { readonly kind: "received" }
  /** By how many. */
  | { readonly kind: "read"; readonly readerCount: number };

/** In larger groups the server tells nobody's marks, and those that messages bring along are too few to be counted. */
const MAX_TOLD_MEMBERS = 200;

/** How far an own message has come, `undefined` where nobody tells: in rooms. Reads signals. */
export function deliveryOf({ view, marks }: ConversationEntry, seq: number, userId: string): Delivery | undefined {
  const { type, peerReadSeq, peerReceivedSeq, memberCount } = view.value;
  if (type === "room") return undefined;
  if (type === "direct") {
    if (peerReadSeq >= seq) return { kind: "read", readerCount: 1 };
    return { kind: peerReceivedSeq >= seq ? "received" : "sent" };
  }
  if (memberCount > MAX_TOLD_MEMBERS) return { kind: "sent" };
  const readerCount = [...marks.value].filter(([id, { readSeq }]) => id !== userId && readSeq >= seq).length;
  return readerCount === 0 ? { kind: "sent" } : { kind: "read", readerCount };
}
