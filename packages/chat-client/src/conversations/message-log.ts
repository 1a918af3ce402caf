/**
 * The messages of one conversation that are held here, and which stretches of it they cover. What lies
 * between two stretches is a hole, to be filled when somebody looks there. A seq inside a stretch without a message is one
 * that the reader may not see, for example because it was deleted.
 */
import type { Message } from "@hutong/chat-api";

/** A stretch of seqs, both ends included. */
export interface SeqRange {
  /** The first. */
  readonly lo: number;
  /** The last. */
  readonly hi: number;
}

/** Holds messages by seq. */
export class MessageLog {
  readonly #bySeq = new Map<number, Message>();
  #ranges: readonly SeqRange[] = [];
  /** In order; `undefined` after a change that may have broken it. */
  #sorted: Message[] | undefined;

  /**
   * The stretches that are held, ascending, none touching the next. One without seqs, its `hi` below its `lo`, says that
   * there is nothing yet and that the log begins there; none at all says that nothing was loaded.
   */
  get ranges(): readonly SeqRange[] {
    return this.#ranges;
  }

  /** The last seq that is held; 0 when nothing is. */
  get tail(): number {
    return this.newest?.hi ?? 0;
  }

  /** The last stretch; `undefined` when nothing was loaded. */
  get newest(): SeqRange | undefined {
    return this.#ranges[this.#ranges.length - 1];
  }

  /** The messages in order. Not to be changed, and not to be kept across changes. */
  get messages(): readonly Message[] {
    this.#sorted ??= [...this.#bySeq.values()].sort((left, right) => left.seq - right.seq);
    return this.#sorted;
  }

  /** The message with a seq, where it is held. */
  get(seq: number): Message | undefined {
    return this.#bySeq.get(seq);
  }

  /** Whether a seq lies in a stretch that is held. */
  covers(seq: number): boolean {
    return this.#ranges.some(({ lo, hi }) => lo <= seq && seq <= hi);
  }

  /** Takes messages that are all there is between `lo` and `hi`. Older versions do not replace newer ones. */
  insert(messages: readonly Message[], { lo, hi }: SeqRange): void {
    for (const message of messages) this.#take(message);
    if (hi >= lo - 1) this.#ranges = withRange(this.#ranges, { lo, hi });
  }

  /** Takes the present state of a message that is held; returns whether anything changed. */
  replace(message: Message): boolean {
    if (!this.covers(message.seq)) return false;
    const held = this.#bySeq.get(message.seq);
    if (held === undefined || held.version > message.version) return false;
    this.#bySeq.set(message.seq, withOwnId(message, held));
    this.#sorted = undefined;
    return true;
  }

  /** Takes messages out of sight. The stretches stay. */
  remove(seqs: readonly number[]): void {
    for (const seq of seqs) this.#bySeq.delete(seq);
    this.#sorted = undefined;
  }

  /** Drops everything up to a seq: it is not shown any more. */
  removeUpTo(seq: number): void {
    this.#removeBetween({ lo: 0, hi: seq });
  }

  /** Drops a stretch, which is a hole again. */
  forget({ lo, hi }: SeqRange): void {
    this.#removeBetween({ lo, hi });
    const rest = (from: number, to: number): readonly SeqRange[] =>
      this.#ranges.map((range) => ({ lo: Math.max(range.lo, from), hi: Math.min(range.hi, to) }));
    this.#ranges = [...rest(0, lo - 1), ...rest(hi + 1, Infinity)].filter((range) => range.lo <= range.hi);
  }

  /** What is missing between two seqs, both included. */
  holes(from: number, to: number): readonly SeqRange[] {
    const holes: SeqRange[] = [];
    let next = from;
    for (const { lo, hi } of this.#ranges) {
      if (lo > next) holes.push({ lo: next, hi: Math.min(lo - 1, to) });
      next = Math.max(next, hi + 1);
    }
    if (next <= to) holes.push({ lo: next, hi: to });
    return holes.filter(({ lo, hi }) => lo <= hi && lo <= to);
  }

  #removeBetween({ lo, hi }: SeqRange): void {
    this.remove([...this.#bySeq.keys()].filter((seq) => lo <= seq && seq <= hi));
  }

  #take(message: Message): void {
    const held = this.#bySeq.get(message.seq);
    if (held !== undefined && held.version > message.version) return;
    const last = this.#sorted?.[this.#sorted.length - 1];
    this.#bySeq.set(message.seq, withOwnId(message, held));
    // The usual case, a new message at the end, keeps the order without sorting.
    if (held === undefined && this.#sorted !== undefined && (last === undefined || last.seq < message.seq))
      this.#sorted.push(message);
    else this.#sorted = undefined;
  }
}

/** Only some ways tell the id that an own message was sent with; once known, it stays. */
function withOwnId(message: Message, held: Message | undefined): Message {
  const clientMessageId = message.clientMessageId ?? held?.clientMessageId;
  return clientMessageId === message.clientMessageId ? message : { ...message, clientMessageId };
}

function withRange(ranges: readonly SeqRange[], added: SeqRange): readonly SeqRange[] {
  let { lo, hi } = added;
  const apart: SeqRange[] = [];
  for (const range of ranges) {
    if (range.hi < lo - 1 || range.lo > hi + 1) apart.push(range);
    else {
      lo = Math.min(lo, range.lo);
      hi = Math.max(hi, range.hi);
    }
  }
  return [...apart, { lo, hi }].sort((left, right) => left.lo - right.lo);
}
