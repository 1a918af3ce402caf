/**
 * What was written and is not yet stored by the server. Each conversation has a lane of its own, one message at a time, so that
 * the order of writing is the order of sending. A message keeps its client message id until the server has acknowledged or
 * refused it; an answer that did not come means "unknown", and sending again is safe.
 */
import type { Message } from "@hutong/chat-api";
import { type ReadonlySignal, signal } from "@preact/signals-core";

import type { Call } from "../calls/call.ts";
import { CallError } from "../calls/call-error.ts";
import type { ChatClock } from "../clock.ts";
import type { Draft, OutboxEntry, OutboxState } from "./outbox-entry.ts";
import type { OutboxStore, PendingFiles } from "./outbox-store.ts";

/** What an {@link Outbox} is made of. */
export interface OutboxOptions<TFile> {
  readonly call: Call;
  readonly clock: ChatClock;
  readonly store: OutboxStore<TFile>;
  readonly files: PendingFiles<TFile> | undefined;
  /** Makes an id that nobody else makes. */
  readonly createId: () => string;
  /** The server has stored it. Called before the entry goes. */
  sent(message: Message): void;
}

/** A lane that waits after a failure. */
interface Lane {
  failures: number;
  isBusy: boolean;
  stopWaiting: (() => void) | undefined;
}

const LEAST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 30_000;

/** Sends what was written, as often as it takes. */
export class Outbox<TFile = unknown> {
  readonly #options: OutboxOptions<TFile>;
  readonly #entries = signal<readonly OutboxEntry<TFile>[]>([]);
  readonly #lanes = new Map<string, Lane>();
  #isClosed = false;

  /** Nothing is sent before `start` or `send`. */
  constructor(options: OutboxOptions<TFile>) {
    this.#options = options;
  }

  /** In the order of writing. */
  get entries(): ReadonlySignal<readonly OutboxEntry<TFile>[]> {
    return this.#entries;
  }

  /** Takes up what an earlier run or another tab left, and skips all waits. Never rejects. */
  async start(): Promise<void> {
    const kept = await this.#options.store.load();
    const young = this.#entries.peek();
    const old = kept.filter(({ clientMessageId }) => young.every((entry) => entry.clientMessageId !== clientMessageId));
    this.#entries.value = [...old, ...young];
    this.wake();
  }

  /** Sends a message; it stands in `entries` at once. */
  send(draft: Draft<TFile>): OutboxEntry<TFile> {
    const { createId, clock, store } = this.#options;
    const entries = this.#entries.peek();
    // Two messages of one millisecond keep their order in the storage too.
    const createdAt = Math.max(clock.now(), (entries[entries.length - 1]?.createdAt ?? 0) + 1);
    const entry = { ...draft, clientMessageId: createId(), createdAt, state: { kind: "waiting" } } as const;
    this.#entries.value = [...entries, entry];
    store.save(entry);
    void this.#advance(entry.conversationId);
    return entry;
  }

  /** Sends a refused message again, under the same id: the server has not stored it. */
  retry(clientMessageId: string): void {
    const entry = this.#find(clientMessageId);
    if (entry?.state.kind !== "refused") return;
    this.#change(entry, { kind: "waiting" });
    void this.#advance(entry.conversationId);
  }

  /** Takes back a message that is not on its way. */
  discard(clientMessageId: string): void {
    const entry = this.#find(clientMessageId);
    if (entry !== undefined && entry.state.kind !== "sending") this.#remove(clientMessageId);
  }

  /** The server has stored it, as somebody else heard. */
  arrived(clientMessageId: string): void {
    this.#remove(clientMessageId);
  }

  /** Skips all waits: the link is back. */
  wake(): void {
    for (const [conversationId, lane] of this.#lanes) {
      lane.stopWaiting?.();
      lane.stopWaiting = undefined;
      lane.failures = 0;
      void this.#advance(conversationId);
    }
    for (const { conversationId } of this.#entries.peek()) void this.#advance(conversationId);
  }

  /** Sends nothing more. What is kept stays kept. */
  close(): void {
    this.#isClosed = true;
    for (const lane of this.#lanes.values()) lane.stopWaiting?.();
  }

  async #advance(conversationId: string): Promise<void> {
    const lane = this.#laneOf(conversationId);
    if (lane.isBusy || lane.stopWaiting !== undefined) return;
    lane.isBusy = true;
    for (let entry = this.#next(conversationId); entry !== undefined; entry = this.#next(conversationId)) {
      const failure = await this.#deliver(entry);
      if (failure === undefined) lane.failures = 0;
      else {
        this.#waitBefore(conversationId, lane, failure);
        break;
      }
    }
    lane.isBusy = false;
  }

  /** Returns the failure after which it is worth trying again. */
  async #deliver(entry: OutboxEntry<TFile>): Promise<CallError | undefined> {
    const { clientMessageId } = entry;
    if (await this.#options.store.isGone(clientMessageId)) this.#remove(clientMessageId);
    // It may have been discarded meanwhile, here as well.
    if (this.#find(clientMessageId) === undefined) return undefined;
    try {
      const ready = entry.content === undefined ? await this.#upload(entry) : entry;
      if (ready?.content === undefined) return undefined;
      this.#change(ready, { kind: "sending" });
      const { conversationId, content, replyTo = 0, mentions = [], mentionsAll = false } = ready;
      const { message } = await this.#options.call("send_message", {
        conversationId,
        clientMessageId,
        content,
        replyTo,
        mentions: [...mentions],
        mentionsAll,
      });
      this.#options.sent(message);
      this.#remove(clientMessageId);
      return undefined;
    } catch (error) {
      const failure = error instanceof CallError ? error : new CallError("network", undefined, error);
      const current = this.#find(clientMessageId);
      if (current === undefined) return undefined;
      this.#change(current, failure.mayPass ? { kind: "waiting" } : { kind: "refused", code: failure.code });
      return failure.mayPass ? failure : undefined;
    }
  }

  async #upload(entry: OutboxEntry<TFile>): Promise<OutboxEntry<TFile> | undefined> {
    const { files, store } = this.#options;
    const { clientMessageId, file } = entry;
    if (file === undefined || files === undefined) throw new CallError("file_gone");
    this.#change(entry, { kind: "uploading", progress: 0 });
    const content = await files.upload(file, (progress) => {
      const current = this.#find(clientMessageId);
      if (current?.state.kind === "uploading") this.#change(current, { kind: "uploading", progress });
      return current !== undefined;
    });
    const current = this.#find(clientMessageId);
    if (current === undefined) return undefined;
    const ready = { ...current, content };
    this.#replace(ready);
    store.save(ready);
    return ready;
  }

  #waitBefore(conversationId: string, lane: Lane, { retryAfterMs }: CallError): void {
    if (this.#isClosed) return;
    const growing = Math.min(MAX_WAIT_MS, LEAST_WAIT_MS * 2 ** lane.failures);
    lane.failures += 1;
    lane.stopWaiting = this.#options.clock.after(Math.max(retryAfterMs ?? 0, growing), () => {
      lane.stopWaiting = undefined;
      void this.#advance(conversationId);
    });
  }

  #laneOf(conversationId: string): Lane {
    let lane = this.#lanes.get(conversationId);
    if (lane === undefined) {
      lane = { failures: 0, isBusy: false, stopWaiting: undefined };
      this.#lanes.set(conversationId, lane);
    }
    return lane;
  }

  #next(conversationId: string): OutboxEntry<TFile> | undefined {
    if (this.#isClosed) return undefined;
    return this.#entries
      .peek()
      .find((entry) => entry.conversationId === conversationId && entry.state.kind === "waiting");
  }

  /** Finds nothing after the close: what is under way writes nothing more, for the storage may have been emptied. */
  #find(clientMessageId: string): OutboxEntry<TFile> | undefined {
    if (this.#isClosed) return undefined;
    return this.#entries.peek().find((entry) => entry.clientMessageId === clientMessageId);
  }

  #change(entry: OutboxEntry<TFile>, state: OutboxState): void {
    const next = { ...entry, state };
    this.#replace(next);
    if (state.kind === "refused") this.#options.store.save(next);
  }

  #replace(entry: OutboxEntry<TFile>): void {
    this.#entries.value = this.#entries
      .peek()
      .map((known) => (known.clientMessageId === entry.clientMessageId ? entry : known));
  }

  #remove(clientMessageId: string): void {
    if (this.#find(clientMessageId) === undefined) return;
    this.#entries.value = this.#entries.peek().filter((entry) => entry.clientMessageId !== clientMessageId);
    this.#options.store.delete(clientMessageId);
  }
}
