import { isRecord } from "../is-record.ts";

type Listener = (...values: unknown[]) => void;

interface Entry {
  readonly listener: Listener;
  readonly isOnce: boolean;
}

/** One end of the channel between a page and the page that it opened. What is emitted early waits for a listener. */
export class EventChannel {
  readonly #entries = new Map<string, Entry[]>();
  readonly #early = new Map<string, unknown[][]>();
  #other: EventChannel | undefined;

  /** Makes both ends: that of the page that opens, and that of the page that is opened. */
  static pair(): readonly [EventChannel, EventChannel] {
    const opener = new EventChannel();
    const opened = new EventChannel();
    opener.#other = opened;
    opened.#other = opener;
    return [opener, opened];
  }

  /** Calls the listeners of the other end. */
  emit(event: string, ...values: unknown[]): void {
    if (this.#other !== undefined) this.#other.#receive(event, values);
  }

  /** Listens to the other end. */
  on(event: string, listener: Listener): void {
    this.#add(event, { listener, isOnce: false });
  }

  /** Listens to the next event of that name. */
  once(event: string, listener: Listener): void {
    this.#add(event, { listener, isOnce: true });
  }

  /** Ends a listener, or all of that event. */
  off(event: string, listener?: Listener): void {
    const left = (this.#entries.get(event) ?? []).filter(
      (entry) => listener !== undefined && entry.listener !== listener,
    );
    this.#entries.set(event, left);
  }

  #add(event: string, entry: Entry): void {
    this.#entries.set(event, [...(this.#entries.get(event) ?? []), entry]);
    const early = this.#early.get(event) ?? [];
    this.#early.delete(event);
    for (const values of early) this.#receive(event, values);
  }

  #receive(event: string, values: unknown[]): void {
    const entries = this.#entries.get(event) ?? [];
    if (entries.length === 0) {
      this.#early.set(event, [...(this.#early.get(event) ?? []), values]);
      return;
    }
    this.#entries.set(
      event,
      entries.filter(({ isOnce }) => !isOnce),
    );
    for (const { listener } of entries) listener(...values);
  }
}

/** Listens with the functions of an object, by event: `wx.navigateTo` takes them together with the address. */
export function listenTo(channel: EventChannel, listeners: unknown): void {
  for (const [event, listener] of Object.entries(isRecord(listeners) ? listeners : {})) {
    if (typeof listener === "function")
      channel.on(event, (...values) => void Reflect.apply(listener, undefined, values));
  }
}
