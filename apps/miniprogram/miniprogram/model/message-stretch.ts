/**
 * The newest messages of one conversation, without a gap, as far back as somebody has looked. A seq inside the stretch
 * without a message is one that the reader may not see, for example because it was deleted.
 */
import type { Message } from "@hutong/chat-api";

/** Both ends included. */
export interface SeqRange {
  readonly lo: number;
  readonly hi: number;
}

const NOTHING: SeqRange = { lo: 1, hi: 0 };

/** Holds the messages between two seqs. */
export class MessageStretch {
  #messages: readonly Message[] = [];
  #range: SeqRange | undefined;

  /** Ascending by seq. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** What the stretch covers; nothing when `hi` is less than `lo`, as in a conversation in which nothing was said. */
  get range(): SeqRange {
    return this.#range ?? NOTHING;
  }

  /** Whether anybody has looked yet. */
  get isLoaded(): boolean {
    return this.#range !== undefined;
  }

  get(seq: number): Message | undefined {
    return this.#messages.find((message) => message.seq === seq);
  }

  /** Takes messages as all there is in the range, in place of everything held. */
  reset(messages: readonly Message[], { lo, hi }: SeqRange): void {
    this.#messages = messages;
    this.#range = { lo, hi };
  }

  /** Takes the messages after the last one, as all there is up to `hi`. Those that are held are left out. */
  append(messages: readonly Message[], hi: number): void {
    const { lo, hi: last } = this.range;
    if (hi <= last) return;
    this.#messages = [...this.#messages, ...messages.filter(({ seq }) => seq > last && seq <= hi)];
    this.#range = { lo, hi };
  }

  /** Takes the messages before the first one, as all there is down to `lo`. Those that are held are left out. */
  prepend(messages: readonly Message[], lo: number): void {
    const { lo: first, hi } = this.range;
    if (lo >= first) return;
    this.#messages = [...messages.filter(({ seq }) => seq < first && seq >= lo), ...this.#messages];
    this.#range = { lo, hi };
  }

  /** Takes the present state of a message that is held; an older version than the one held changes nothing. */
  replace(message: Message): void {
    const held = this.get(message.seq);
    if (held === undefined || held.version > message.version) return;
    this.#messages = this.#messages.map((one) => (one === held ? message : one));
  }

  /** Takes messages out of sight. What the stretch covers stays. */
  remove(isGone: (seq: number) => boolean): void {
    this.#messages = this.#messages.filter(({ seq }) => !isGone(seq));
  }
}
