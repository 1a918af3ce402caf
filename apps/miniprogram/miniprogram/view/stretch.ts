import { type ConversationEntry, olderThanHeld, type SeqRange } from "@hutong/chat-client";

/** Where what is shown of a conversation ends: the holes before and after it. */
export interface Stretch {
  /** What is missing before it; `undefined` when it goes back to the beginning. */
  readonly before: SeqRange | undefined;
  /** What is missing after it; `undefined` when it goes on to the newest message. */
  readonly after: SeqRange | undefined;
}

/** The stretch that holds a seq; the newest one where none does, or none is asked for. */
export function stretchAt(entry: ConversationEntry, seq: number | undefined): Stretch {
  const { log, view } = entry;
  const held = seq === undefined ? undefined : log.ranges.find(({ lo, hi }) => lo <= seq && seq <= hi);
  if (held === undefined || held === log.newest) return { before: olderThanHeld(entry), after: undefined };
  const before = log.holes(view.peek().minSeq + 1, held.lo - 1);
  const after = log.holes(held.hi + 1, log.tail);
  return { before: before[before.length - 1], after: after[0] };
}
