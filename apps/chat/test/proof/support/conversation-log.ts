import type { Message } from "@hutong/chat-api";

/** Gives messages after a seq, the oldest first. */
export type Pull = (after: number) => Promise<{ readonly messages: readonly Message[]; readonly more: boolean }>;

/** The messages of one conversation from the first on, without a hole. */
export class ConversationLog {
  /** The change up to which the messages are as the server has them. */
  changeSeq = 0;
  readonly #pull: Pull;
  readonly #show: (message: Message) => void;
  readonly #messages: Message[] = [];
  /** What came before its predecessors. */
  readonly #early = new Map<number, Message>();
  #pulling: Promise<void> | undefined;

  /** `show` hears of each message once, when it gets its place. */
  constructor(pull: Pull, show: (message: Message) => void) {
    this.#pull = pull;
    this.#show = show;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** The last seq of which all smaller ones are here. */
  get tail(): number {
    return this.#messages.at(-1)?.seq ?? 0;
  }

  /** Takes a live message; what is missing before it is pulled. */
  take(message: Message): void {
    if (message.seq <= this.tail) return;
    this.#early.set(message.seq, message);
    this.#place();
    // What cannot be pulled now is pulled after the next heartbeat or join.
    if (message.seq > this.tail) this.reach(message.seq).catch(() => {});
  }

  /** Pulls until a seq is here. */
  async reach(seq: number): Promise<void> {
    while (this.tail < seq) {
      this.#pulling ??= this.#pullOnce().finally(() => (this.#pulling = undefined));
      await this.#pulling;
    }
  }

  /** Takes the newer state of a message. */
  replace(message: Message, changeSeq: number): void {
    this.changeSeq = Math.max(this.changeSeq, changeSeq);
    const held = this.#messages[message.seq - 1];
    if (held !== undefined && held.version <= message.version) this.#messages[message.seq - 1] = message;
  }

  async #pullOnce(): Promise<void> {
    const { messages } = await this.#pull(this.tail);
    for (const message of messages) if (message.seq > this.tail) this.#early.set(message.seq, message);
    this.#place();
  }

  #place(): void {
    for (let next = this.#early.get(this.tail + 1); next !== undefined; next = this.#early.get(this.tail + 1)) {
      this.#messages.push(next);
      this.#show(next);
      this.#early.delete(next.seq);
    }
  }
}
