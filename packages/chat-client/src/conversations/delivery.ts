import type { ConversationEntry } from "./conversation-book.ts";

/** How far an own message has come. */
export type Delivery =
  /** Stored by the server. */
  | { readonly kind: "sent" }
  /** On a device of the other one. */
  | { readonly kind: "received" }
  /** By how many. */
  | { readonly kind: "read"; readonly readerCount: number };

/** How far an own message has come, `undefined` where nobody tells: in rooms. Reads signals. */
export function deliveryOf({ view, marks }: ConversationEntry, seq: number, userId: string): Delivery | undefined {
  const { type, peerReadSeq, peerReceivedSeq } = view.value;
  if (type === "room") return undefined;
  if (type === "direct") {
    if (peerReadSeq >= seq) return { kind: "read", readerCount: 1 };
    return { kind: peerReceivedSeq >= seq ? "received" : "sent" };
  }
  const readerCount = [...marks.value].filter(([id, { readSeq }]) => id !== userId && readSeq >= seq).length;
  return readerCount === 0 ? { kind: "sent" } : { kind: "read", readerCount };
}
