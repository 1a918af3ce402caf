/**
 * What was written and is not yet stored by the server. Each conversation has a lane of its own, one message at a time, so that
 * the order of writing is the order of sending. A message keeps its client message id until the server has acknowledged or
 * refused it; an answer that did not come means "unknown", and sending again is safe.
 */
import type { Message, MessageContent } from "@hutong/chat-api";
import { type ReadonlySignal, signal } from "@preact/signals";

import type { Clock } from "../../clock.ts";
import { CallError } from "./call-error.ts";
import type { Call } from "./chat-api.ts";
import type { LocalStore } from "./local-store.ts";
import type { Draft, OutboxEntry, OutboxState, PendingFile } from "./outbox-entry.ts";

/** What an {@link Outbox} is made of. */
export interface OutboxOptions {
  readonly call: Call;
  readonly clock: Clock;
  readonly store: Pick<LocalStore, "readOutbox" | "writeOutbox" | "deleteOutbox">;
  /** Makes an unguessable id. */
  readonly createId: () => string;
  /** Uploads a file and makes the content of its message. Rejects with a `CallError`. */
  upload(file: PendingFile, progress: (share: number) => void): Promise<MessageContent>;
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
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = signal<readonly OutboxEntry[]>([]);
  readonly #lanes = new Map<string, Lane>();
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** In the order of writing. */
  get entries(): ReadonlySignal<readonly OutboxEntry[]> {
    return this.#entries;
  }

  /** Takes up what an earlier page left. Never rejects. */
  async start(): Promise<void> {
    // Without a storage there is nothing to take up.
    const kept = await this.#options.store.readOutbox().catch(() => []);
    const young = this.#entries.peek();
    const old = kept.filter(({ clientMessageId }) => young.every((entry) => entry.clientMessageId !== clientMessageId));
    this.#entries.value = [...old.map(asWaiting), ...young];
    this.wake();
  }

  /** Sends a message; it stands in `entries` at once. */
  send(draft: Draft): OutboxEntry {
    const { createId, clock } = this.#options;
    const entry: OutboxEntry = {
      ...draft,
      clientMessageId: createId(),
      createdAt: clock.now(),
      state: { kind: "waiting" },
    };
    this.#entries.value = [...this.#entries.peek(), entry];
    this.#keep(entry);
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
  async #deliver(entry: OutboxEntry): Promise<CallError | undefined> {
    const { clientMessageId } = entry;
    try {
      const ready = entry.content === undefined ? await this.#upload(entry) : entry;
      // It may have been discarded meanwhile.
      if (ready?.content === undefined) return undefined;
      this.#change(ready, { kind: "sending" });
      const { conversationId, content, replyTo, mentions, mentionsAll } = ready;
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

  async #upload(entry: OutboxEntry): Promise<OutboxEntry | undefined> {
    const { clientMessageId, file } = entry;
    if (file === undefined) throw new CallError("bad_request");
    this.#change(entry, { kind: "uploading", progress: 0 });
    const content = await this.#options.upload(file, (progress) => {
      const current = this.#find(clientMessageId);
      if (current !== undefined) this.#change(current, { kind: "uploading", progress });
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
    let lane = this.#lanes.get(conversationId);
    if (lane === undefined) {
      lane = { failures: 0, isBusy: false, stopWaiting: undefined };
      this.#lanes.set(conversationId, lane);
    }
    return lane;
  }

  #next(conversationId: string): OutboxEntry | undefined {
    if (this.#isClosed) return undefined;
    return this.#entries
      .peek()
      .find((entry) => entry.conversationId === conversationId && entry.state.kind === "waiting");
  }

  #find(clientMessageId: string): OutboxEntry | undefined {
    return this.#entries.peek().find((entry) => entry.clientMessageId === clientMessageId);
  }

  #change(entry: OutboxEntry, state: OutboxState): void {
    const next = { ...entry, state };
    this.#replace(next);
    if (state.kind === "refused") this.#keep(next);
  }

  #replace(entry: OutboxEntry): void {
    this.#entries.value = this.#entries
      .peek()
      .map((known) => (known.clientMessageId === entry.clientMessageId ? entry : known));
  }

  #keep(entry: OutboxEntry): void {
    // A message that ends with the page is better than none.
    this.#options.store.writeOutbox(entry).catch(() => undefined);
  }

  #remove(clientMessageId: string): void {
    if (this.#find(clientMessageId) === undefined) return;
    this.#entries.value = this.#entries.peek().filter((entry) => entry.clientMessageId !== clientMessageId);
    this.#options.store.deleteOutbox(clientMessageId).catch(() => undefined);
  }
}

/** What was on its way when the page went is sent again; a refusal stays one. */
function asWaiting(entry: OutboxEntry): OutboxEntry {
  return entry.state.kind === "refused" ? entry : { ...entry, state: { kind: "waiting" } };
}
