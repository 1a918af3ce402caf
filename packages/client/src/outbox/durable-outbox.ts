/**
 * Durable pushes: each is sent, under one id, until the server has answered. A link
 * that breaks before the answer leaves open whether the push was handled; the server
 * remembers the ids that it handled, so sending again is safe. Of each channel one push
 * is on its way at a time, so that their order holds even when one has to be repeated.
 */
import { ChannelError, CLOSE_CODES, type ClosedError } from "@hutong/protocol";
import type { PushAnswer } from "../channel/reply-error.ts";
import type { Clock } from "../clock.ts";
import { Listeners } from "../listeners.ts";
import type { KeyValueStorage } from "../storage/key-value-storage.ts";
import { Wait, type WaitOptions } from "../wait.ts";
import { Backlog } from "./backlog.ts";
import { type OutboxItem, OutboxLane, type SendPush } from "./outbox-lane.ts";
import { OutboxStore } from "./outbox-store.ts";
import type { Outbox, OutboxEntry, OutboxState } from "./outbox.ts";
import { assertPushId, copyOf, createPushId, type PushDraft } from "./push-draft.ts";

/** Where an outbox is kept. */
export interface DurableOutboxOptions {
  /**
   * Keeps the pushes beyond a reload; stays the caller's. A page that starts sends what is in it, also what another
   * page is about to send: the id is the same, so the server handles it once. @defaultValue none: they last as long as the socket
   */
  readonly storage?: KeyValueStorage;
}

/** What an outbox takes from its socket. */
export interface OutboxSetup {
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter and ids. */
  readonly random: () => number;
  /** How long an answer may take before the push is sent again, in milliseconds. */
  readonly timeoutMs: number;
  /** Most entries of one channel. */
  readonly maxOutboxPushes: number;
  /** Hears of what goes wrong with the storage. */
  failed(error: unknown): void;
}

/** Makes the outbox of a socket. */
export type OutboxFactory = (setup: OutboxSetup) => DurableOutbox;

/** A push that crashes its channel this often is taken for the reason, and does not hold up the others for ever. */
const MAX_CRASHES = 3;

/** The outbox of a socket. */
export class DurableOutbox implements Outbox {
  readonly #setup: OutboxSetup;
  readonly #store: OutboxStore | undefined;
  readonly #listeners: Listeners<OutboxEntry>;
  readonly #backlog = new Backlog();
  readonly #lanes = new Map<string, OutboxLane>();
  #isStarted = false;
  #isLoaded: boolean;
  #isEnded = false;
  #idCount = 0;

  constructor(setup: OutboxSetup, storage: KeyValueStorage | undefined) {
    this.#setup = setup;
    this.#store = storage && new OutboxStore(storage, (error) => setup.failed(error));
    this.#listeners = new Listeners(setup.clock);
    this.#isLoaded = storage === undefined;
  }

  get entries(): readonly OutboxEntry[] {
    return this.#backlog.entries;
  }

  /** Resolves when everything so far is kept. Never rejects. */
  get settled(): Promise<unknown> {
    return this.#store?.settled ?? Promise.resolve();
  }

  on(_event: "change", handler: (entry: OutboxEntry) => void): () => void {
    return this.#listeners.add(handler);
  }

  /** Loads what an earlier page left. Does nothing the second time. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#store?.load().then((entries) => this.#loaded(entries));
  }

  /** Resolves with the answer. An id that is there already stands for the push that has it. @throws {RangeError} when the id has a wrong length. */
  push({ topic, event, payload, id = this.#createId(), ...options }: PushDraft): Promise<unknown> {
    assertPushId(id);
    const known = this.#backlog.get(id);
    if (known !== undefined) return this.#wait(known, options);
    if (this.#backlog.count(topic) >= this.#setup.maxOutboxPushes)
      return Promise.reject(new ChannelError("outbox_full", { topic }));
    let copy: unknown;
    try {
      copy = copyOf(payload);
    } catch (cause) {
      return Promise.reject(new ChannelError("internal", { topic, cause }));
    }
    const item = this.#add({ id, topic, event, payload: copy, state: { kind: "queued" } });
    const answered = this.#wait(item, options);
    // A signal that is aborted already has taken the item away.
    if (this.#backlog.get(id) === item) this.#keep(item);
    return answered;
  }

  retry(id: string): void {
    const item = this.#backlog.get(id);
    if (item?.entry.state.kind !== "failed") return;
    this.#remove(item);
    this.#keep(this.#add({ ...item.entry, id: this.#createId(), state: { kind: "queued" } }));
  }

  discard(id: string): void {
    const item = this.#backlog.get(id);
    if (item !== undefined) this.#giveUp(item);
  }

  /** The channel of a topic is joined: what waits for it goes out. */
  joined(topic: string, send: SendPush): void {
    const { clock, random, timeoutMs } = this.#setup;
    const lane = new OutboxLane({
      clock,
      random,
      timeoutMs,
      send,
      next: () => this.#next(topic),
      changed: (item, state) => this.#change(item, state),
    });
    this.#lanes.set(topic, lane);
    lane.advance();
  }

  /** The channel of a topic is joined no more: what was on its way is sent again at the next join. */
  left(topic: string): void {
    const lane = this.#lanes.get(topic);
    this.#lanes.delete(topic);
    lane?.takeBack();
  }

  /** The channel of a topic has crashed, perhaps through what was on its way. */
  crashed(topic: string): void {
    const item = this.#lanes.get(topic)?.item;
    this.left(topic);
    if (item !== undefined && ++item.crashes >= MAX_CRASHES)
      this.#fail(item, new ChannelError("channel_crash", { topic }));
  }

  /** Takes an answer. Returns whether it was for a push from here. */
  answered(topic: string, ref: string, { error, response }: PushAnswer): boolean {
    const lane = this.#lanes.get(topic);
    const item = lane?.itemOf(ref);
    if (item === undefined) return false;
    if (error?.retryable === true) lane?.sendLater();
    else if (error !== undefined) this.#fail(item, error);
    else this.#accept(item, response);
    return true;
  }

  /** Rejects what waits and sends nothing more. What is kept stays kept. */
  end(error: ClosedError): void {
    this.#isEnded = true;
    for (const [topic, { item }] of this.#lanes) {
      this.left(topic);
      // A frame that is too big ends the link, and would end that of every page to come.
      if (item !== undefined && error.code === CLOSE_CODES.too_big.code)
        this.#fail(item, new ChannelError("push_refused", { topic, reason: "too_big", cause: error }));
    }
    for (const { wait } of this.#backlog.items) wait?.reject(error);
  }

  #loaded(entries: readonly OutboxEntry[]): void {
    const old = entries.filter(({ id }) => this.#backlog.get(id) === undefined);
    this.#backlog.addOlder(old.map((entry) => ({ entry, wait: undefined, isKept: true, crashes: 0 })));
    this.#isLoaded = true;
    for (const entry of old) this.#listeners.emit(entry);
    for (const lane of this.#lanes.values()) lane.advance();
  }

  #add(entry: OutboxEntry): OutboxItem {
    const item: OutboxItem = { entry, wait: undefined, isKept: this.#store === undefined, crashes: 0 };
    this.#backlog.add(item);
    this.#listeners.emit(entry);
    return item;
  }

  #keep(item: OutboxItem): void {
    this.start();
    void this.#store?.save(item.entry).then(() => {
      // Also when it could not be kept: a push that ends with the page is better than none.
      item.isKept = true;
      this.#advance(item.entry.topic);
    });
    this.#advance(item.entry.topic);
  }

  #wait(item: OutboxItem, options: WaitOptions): Promise<unknown> {
    const { topic, state } = item.entry;
    if (state.kind === "failed") return Promise.reject(state.error);
    item.wait ??= new Wait<unknown>({
      ...options,
      clock: this.#setup.clock,
      expired: () => new ChannelError("reply_timeout", { topic }),
      settled: () => {
        if (!this.#isEnded && isUndecided(item)) this.#giveUp(item);
      },
    });
    return item.wait.promise;
  }

  #advance(topic: string): void {
    this.#lanes.get(topic)?.advance();
  }

  /** The oldest push of a channel that waits; `undefined` also when it is not kept yet, because nothing may overtake it. */
  #next(topic: string): OutboxItem | undefined {
    if (!this.#isLoaded) return undefined;
    const item = this.#backlog.next(topic);
    return item?.isKept === true ? item : undefined;
  }

  #accept(item: OutboxItem, response: unknown): void {
    this.#remove(item);
    this.#change(item, { kind: "accepted", response });
    item.wait?.resolve(response);
    this.#advance(item.entry.topic);
  }

  #fail(item: OutboxItem, error: ChannelError): void {
    this.#lanes.get(item.entry.topic)?.release(item);
    this.#change(item, { kind: "failed", error });
    void this.#store?.save(item.entry);
    item.wait?.reject(error);
    this.#advance(item.entry.topic);
  }

  #giveUp(item: OutboxItem): void {
    const error = new ChannelError("closed", { topic: item.entry.topic });
    this.#remove(item);
    this.#change(item, { kind: "failed", error });
    item.wait?.reject(error);
    this.#advance(item.entry.topic);
  }

  #remove(item: OutboxItem): void {
    this.#lanes.get(item.entry.topic)?.release(item);
    this.#backlog.delete(item.entry.id);
    void this.#store?.delete(item.entry.id);
  }

  #change(item: OutboxItem, state: OutboxState): void {
    item.entry = { ...item.entry, state };
    this.#listeners.emit(item.entry);
  }

  #createId(): string {
    return createPushId(this.#setup.random, (this.#idCount += 1));
  }
}

function isUndecided({ entry }: OutboxItem): boolean {
  return entry.state.kind === "queued" || entry.state.kind === "sent";
}

/**
 * Lets a socket make durable pushes. A socket without it is smaller by what is here.
 *
 * @example
 * ```ts
 * const socket = createSocket("/socket", { outbox: durableOutbox({ storage: indexedDbStorage("chat:42") }) });
 * await socket.channel("room:lobby").push("new_msg", { body: "hi" }, { durable: true });
 * ```
 */
export function durableOutbox({ storage }: DurableOutboxOptions = {}): OutboxFactory {
  return (setup) => new DurableOutbox(setup, storage);
}
