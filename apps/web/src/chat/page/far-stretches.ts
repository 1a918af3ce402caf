import type { Message } from "@hutong/chat-api";
import type { SeqRange } from "@hutong/chat-client";

/** So many messages of a conversation are held without asking whether all of them are near the reader. */
const MAX_HELD = 1_200;
/** Messages on each side of the reader that stay. */
const NEAR = 300;
/** The newest ones, which stay wherever the reader is: live messages go on from there. */
const NEWEST = 60;

/**
 * The stretches that are far from a seq, and not the newest; nothing while few messages are held. A conversation of any length
 * costs no more memory than this, because what is forgotten is loaded again when somebody comes there.
 */
export function farStretches(messages: readonly Pick<Message, "seq">[], seq: number): readonly SeqRange[] {
  if (messages.length <= MAX_HELD) return [];
  const found = messages.findIndex((message) => message.seq >= seq);
  const reader = found < 0 ? messages.length - 1 : found;
  const first = messages[reader - NEAR];
  const last = messages[reader + NEAR];
  const newest = messages[messages.length - NEWEST];
  const far: SeqRange[] = [];
  if (first !== undefined) far.push({ lo: 0, hi: first.seq - 1 });
  if (last !== undefined && newest !== undefined && last.seq < newest.seq - 1)
    far.push({ lo: last.seq + 1, hi: newest.seq - 1 });
  return far;
}
