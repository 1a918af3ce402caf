/**
 * What was written and is not yet stored by the server. Each conversation has a lane of its own, one message at a time,
 * so that the order of writing is the order of sending. A message keeps its client message id until the server has
 * acknowledged or refused it, over the end of the mini-program too; an answer that did not come means "unknown", and
 * sending again is safe.
 */
import type { Message, MessageContent } from "@hutong/chat-api";
import type { Clock, KeyValueStorage } from "@hutong/client/wechat";
import type { Call } from "./call";
import { CallError } from "./call-error";
import type { Changes } from "./changes";
import { type Draft, type OutboxEntry, type OutboxState, parseOutboxEntry, type PendingFile } from "./outbox-entry";

/** What an {@link Outbox} is made of. */
export interface OutboxOptions {
  readonly call: Call;
  readonly clock: Clock;
  readonly changes: Changes;
  /** Belongs to one user. */
  readonly storage: KeyValueStorage;
  /** Makes an unguessable id. */
  readonly createId: () => string;
  /** Uploads a file and makes the content of its message. Rejects with a `CallError`. */
  upload(file: PendingFile, progress: (share: number) => void): Promise<MessageContent>;
  /** The server has stored it. Called before the entry goes. */
  sent(message: Message): void;
}

interface Lane {
  failures: number;
  isBusy: boolean;
  stopWaiting: (() => void) | undefined;
}

const LEAST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 30_000;

/** Sends what was written, as often as it takes. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lanes = new Map<string, Lane>();
  #entries: readonly OutboxEntry[] = [];
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** In the order of writing. */
  get entries(): readonly OutboxEntry[] {
    return this.#entries;
  }

  /** Takes up what an earlier run left. Never rejects. */
  async start(): Promise<void> {
    const { storage } = this.#options;
    // Without a storage there is nothing to take up.
    const keys = await storage.keys("").catch(() => []);
    const texts = await Promise.all(keys.map((key) => storage.get(key).catch(() => undefined)));
    const kept = texts.flatMap((text) => parseOutboxEntry(text) ?? []);
    const isNew = ({ clientMessageId }: OutboxEntry): boolean => this.#find(clientMessageId) === undefined;
    const old = kept.filter(isNew).sort((left, right) => left.createdAt - right.createdAt);
    this.#put([...old, ...this.#entries]);
    this.wake();
  }

  /** Sends a message; it stands in `entries` at once. */
  send(draft: Draft): void {
    const { createId, clock } = this.#options;
    // Two messages of one millisecond keep their order in the storage too.
    const createdAt = Math.max(clock.now(), (this.#entries[this.#entries.length - 1]?.createdAt ?? 0) + 1);
    const entry: OutboxEntry = { ...draft, clientMessageId: createId(), createdAt, state: { kind: "waiting" } };
    this.#put([...this.#entries, entry]);
    this.#keep(entry);
    void this.#advance(entry.conversationId);
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
    if (this.#find(clientMessageId)?.state.kind !== "sending") this.#remove(clientMessageId);
  }

  /** The server has stored it, as another way than its answer tells. */
  arrived(clientMessageId: string): void {
    this.#remove(clientMessageId);
  }

  /** Skips all waits: the link is back. */
  wake(): void {
    for (const lane of this.#lanes.values()) {
      lane.stopWaiting?.();
      lane.stopWaiting = undefined;
      lane.failures = 0;
    }
    for (const conversationId of new Set(this.#entries.map((entry) => entry.conversationId)))
      void this.#advance(conversationId);
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
  async #deliver(entry: OutboxEntry): Promise<CallError | undefined> {
    const { clientMessageId } = entry;
    try {
      const ready = entry.content === undefined ? await this.#upload(entry) : entry;
      // It may have been discarded meanwhile.
      if (ready?.content === undefined) return undefined;
      this.#change(ready, { kind: "sending" });
      const { conversationId, content, replyTo } = ready;
      const answer = await this.#options.call("send_message", { conversationId, clientMessageId, content, replyTo });
      this.#options.sent(answer.message);
      this.#remove(clientMessageId);
      return undefined;
    } catch (error) {
      const failure = error instanceof CallError ? error : new CallError("network");
      const current = this.#find(clientMessageId);
      if (current === undefined) return undefined;
      this.#change(current, failure.mayPass ? { kind: "waiting" } : { kind: "refused", code: failure.code });
      return failure.mayPass ? failure : undefined;
    }
  }

  async #upload(entry: OutboxEntry): Promise<OutboxEntry | undefined> {
    const { clientMessageId, file } = entry;
    if (file === undefined) throw new CallError("bad_request");
    this.#change(entry, { kind: "uploading", share: 0 });
    const content = await this.#options.upload(file, (share) => {
      const current = this.#find(clientMessageId);
      if (current?.state.kind === "uploading") this.#change(current, { kind: "uploading", share });
    });
    const current = this.#find(clientMessageId);
    if (current === undefined) return undefined;
    const ready = { ...current, content };
    this.#replace(ready);
    this.#keep(ready);
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
    const lane = this.#lanes.get(conversationId) ?? { failures: 0, isBusy: false, stopWaiting: undefined };
    this.#lanes.set(conversationId, lane);
    return lane;
  }

  #next(conversationId: string): OutboxEntry | undefined {
    if (this.#isClosed) return undefined;
    return this.#entries.find((entry) => entry.conversationId === conversationId && entry.state.kind === "waiting");
  }

  #find(clientMessageId: string): OutboxEntry | undefined {
    return this.#entries.find((entry) => entry.clientMessageId === clientMessageId);
  }

  #change(entry: OutboxEntry, state: OutboxState): void {
    const next = { ...entry, state };
    this.#replace(next);
    if (state.kind === "refused") this.#keep(next);
  }

  #replace(entry: OutboxEntry): void {
    this.#put(this.#entries.map((known) => (known.clientMessageId === entry.clientMessageId ? entry : known)));
  }

  #put(entries: readonly OutboxEntry[]): void {
    this.#entries = entries;
    this.#options.changes.tell();
  }

  #keep(entry: OutboxEntry): void {
    // A message that ends with the mini-program is better than none.
    this.#options.storage.set(entry.clientMessageId, JSON.stringify(entry)).catch(() => undefined);
  }

  #remove(clientMessageId: string): void {
    if (this.#find(clientMessageId) === undefined) return;
    this.#put(this.#entries.filter((entry) => entry.clientMessageId !== clientMessageId));
    this.#options.storage.delete(clientMessageId).catch(() => undefined);
  }
}
