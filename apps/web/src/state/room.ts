import { computed, type ReadonlySignal, signal } from "@preact/signals";

import type {
  ClientName,
  CreateRoomClient,
  Member,
  RoomClient,
  RoomMessage,
  RoomState,
} from "../clients/room-client.ts";
import type { Clock } from "../clock.ts";
import { reduceTimeline, type TimelineEntry, type TimelineEvent } from "./timeline.ts";

/** What to open: a room, a client to open it with, and a person. */
export interface Visit {
  readonly room: string;
  readonly client: ClientName;
  readonly nickname: string;
  readonly token: string | undefined;
}

/** The room as the views see it. */
export interface Room {
  readonly state: ReadonlySignal<RoomState>;
  /** Whole seconds until the client tries again; `undefined` where it does not tell. */
  readonly secondsToRetry: ReadonlySignal<number | undefined>;
  readonly members: ReadonlySignal<readonly Member[]>;
  /** At most 500 settled messages, and those under way. */
  readonly entries: ReadonlySignal<readonly TimelineEntry[]>;
  /** Messages of others since {@link Room.open} of this room, for counting the unread. */
  readonly receivedCount: ReadonlySignal<number>;
  /** Leaves the current visit and starts another. The messages stay while the room is the same. */
  open(visit: Visit): void;
  /** Leaves; the messages go. */
  leave(): void;
  send(body: string): void;
  /** Sends a failed message again. */
  retry(key: string): void;
  /** Takes a failed message away. */
  discard(key: string): void;
  /** Tries to connect at once; after a refusal or a final close, visits again. */
  retryNow(): void;
}

/** What a room is made of. */
export interface RoomOptions {
  readonly clock: Clock;
  /** Loads the library of a client; rejects when it cannot be loaded. */
  readonly load: (client: ClientName) => Promise<CreateRoomClient>;
}

/** Makes a room that nobody has entered yet. Owns the client of each visit. */
export function createRoom(options: RoomOptions): Room {
  return new SignalRoom(options);
}

class SignalRoom implements Room {
  readonly state = signal<RoomState>({ kind: "connecting" });
  readonly members = signal<readonly Member[]>([]);
  readonly entries = signal<readonly TimelineEntry[]>([]);
  readonly receivedCount = signal(0);
  readonly secondsToRetry = computed(() => {
    const state = this.state.value;
    if (state.kind !== "reconnecting" || state.retryAtMs === undefined) return undefined;
    return Math.max(0, Math.ceil((state.retryAtMs - this.#nowMs.value) / 1_000));
  });
  readonly #options: RoomOptions;
  readonly #nowMs = signal(0);
  #visit: Visit | undefined;
  #client: RoomClient | undefined;
  #stopTicking: (() => void) | undefined;
  #submittedCount = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  open(visit: Visit): void {
    const isSameRoom = this.#visit?.room === visit.room;
    this.#end();
    if (!isSameRoom) this.#forget();
    this.#visit = visit;
    this.#enter({ kind: "connecting" });
    const isCurrent = (): boolean => this.#visit === visit;
    const listener = {
      state: (state: RoomState) => isCurrent() && this.#enter(state),
      members: (members: readonly Member[]) => isCurrent() && (this.members.value = members),
      message: (message: RoomMessage) => isCurrent() && this.#receive(message),
    };
    this.#options
      .load(visit.client)
      .then((create) => {
        if (isCurrent()) this.#client = create(visit, listener);
      })
      // Either the library did not load, or a browser refused to send such a token.
      .catch(() => isCurrent() && this.#enter({ kind: "closed", reason: "client_failed" }));
  }

  leave(): void {
    this.#end();
    this.#forget();
    this.#visit = undefined;
  }

  send(body: string): void {
    const from = this.#visit?.nickname;
    if (from === undefined) return;
    const key = `own-${(this.#submittedCount += 1)}`;
    this.#apply({ kind: "submitted", key, from, body, atMs: this.#options.clock.now() });
    void this.#deliver(key, body);
  }

  retry(key: string): void {
    const entry = this.entries.value.find((candidate) => candidate.key === key);
    if (entry?.delivery !== "failed") return;
    this.#apply({ kind: "retried", key });
    void this.#deliver(key, entry.body);
  }

  discard(key: string): void {
    this.#apply({ kind: "discarded", key });
  }

  retryNow(): void {
    const { kind } = this.state.value;
    // A client that was refused or closed for good does not come back: it takes a new one.
    if ((kind === "closed" || kind === "refused") && this.#visit !== undefined) this.open({ ...this.#visit });
    else this.#client?.retryNow();
  }

  /** Never rejects, because no client's `send` does: nobody waits for it. */
  async #deliver(key: string, body: string): Promise<void> {
    const result = (await this.#client?.send(body)) ?? { kind: "failed", reason: "connection_lost" };
    this.#apply(result.kind === "sent" ? { kind: "acknowledged", key, id: result.id } : { kind: "failed", key });
  }

  #receive(message: RoomMessage): void {
    const before = this.entries.value;
    this.#apply({ kind: "received", message });
    const isNew = !before.some((entry) => entry.id === message.id);
    const isOwn = this.entries.value.some((entry) => entry.id === message.id && entry.isOwn);
    if (isNew && !isOwn) this.receivedCount.value += 1;
  }

  #apply(event: TimelineEvent): void {
    this.entries.value = reduceTimeline(this.entries.value, event);
  }

  #enter(state: RoomState): void {
    this.#stopTicking?.();
    this.#stopTicking = undefined;
    this.state.value = state;
    if (state.kind !== "reconnecting" || state.retryAtMs === undefined) return;
    const tick = (): void => {
      this.#nowMs.value = this.#options.clock.now();
    };
    tick();
    this.#stopTicking = this.#options.clock.every(1_000, tick);
  }

  #end(): void {
    this.#stopTicking?.();
    this.#client?.close();
    this.#client = undefined;
    this.members.value = [];
  }

  #forget(): void {
    this.entries.value = [];
    this.receivedCount.value = 0;
  }
}
