import { HUTONG_VSN, phoenix, type StreamPosition, type StreamStamp } from "@hutong/protocol";
import { accept, createServer, defineChannel, refuse, reply, type Server, type TelemetryEvent } from "@hutong/server";
import {
  type HistoryDraft,
  MemoryBroker,
  MemoryBrokerHub,
  MemoryHistoryStore,
  type Mount,
} from "@hutong/server/plugin";
import type { FakeClock } from "../fake-clock.ts";
import { RecordedHistory } from "./recorded-history.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { type LinkHandlers, SimulatedLink } from "./simulated-link.ts";

/** What a message on the topics of a simulation is. */
export interface SimulatedMessage {
  /** Unique in the run. */
  readonly id: string;
  /** Names the push across retries. */
  readonly pushId?: string | undefined;
  /** The client that need not be given it. */
  readonly exceptClient?: string | undefined;
  /** Which life of the server it was handled in. */
  readonly life: number;
  /** Weight on the wire. */
  readonly filler: string;
}

/** Parts of a {@link SimulatedServer}. */
export interface SimulatedServerOptions {
  readonly clock: FakeClock;
  readonly random: SeededRandom;
  /** Hears of every message that the history was given. */
  readonly kept: (topic: string, stamp: StreamStamp, message: SimulatedMessage) => void;
  /**
   * Hears of a push that was answered with a yes before a slow store had its message, when the server crashed in between:
   * a broadcast does not wait for the store, so such a message is gone.
   */
  readonly lost: (pushId: string) => void;
  /** Hears what the server reports. */
  readonly telemetry: (event: TelemetryEvent) => void;
}

/** Small ones, so that a run of seconds meets them. */
export const SIMULATED_LIMITS = {
  idleTimeoutMs: 20_000,
  stallTimeoutMs: 10_000,
  resumeQueuedBytes: 1_024,
  softQueuedBytes: 2_048,
  lagQueuedBytes: 4_096,
  maxQueuedBytes: 16_384,
} as const;

/** The one topic that nobody may join. */
export const FORBIDDEN_TOPIC = "room:forbidden";

/** The server of a simulation: a real one, which can crash, drain and come back, with its history or without. */
export class SimulatedServer {
  readonly #options: SimulatedServerOptions;
  readonly #isSlowStore: boolean;
  readonly #maxCount: number;
  readonly #links = new Set<SimulatedLink>();
  /** That of each server so far. */
  readonly #histories: RecordedHistory[] = [];
  #store: MemoryHistoryStore;
  #history: RecordedHistory;
  #server: Server | undefined;
  #mount: Mount | undefined;
  /** Joins a server that drains to the one that follows it. */
  #hub = new MemoryBrokerHub();
  #life = 0;
  #messageCount = 0;
  /** Message → push, of what was broadcast and has not reached the store. */
  readonly #unkept = new Map<string, string>();
  /** Pushes whose handler has failed once. */
  readonly #failedPushes = new Set<string>();

  constructor(options: SimulatedServerOptions) {
    this.#options = options;
    this.#isSlowStore = options.random.chance(0.5);
    this.#maxCount = options.random.pick([8, 30, 300]);
    this.#store = new MemoryHistoryStore({ clock: options.clock });
    this.#history = this.#createHistory();
  }

  /** The server as it is now; `undefined` while it is down. */
  get current(): Server | undefined {
    return this.#server;
  }

  /** Starts a server. With `isNew` its history is a new one. */
  async start({ isNew }: { readonly isNew: boolean }): Promise<void> {
    const { clock, telemetry } = this.#options;
    this.#life++;
    if (isNew) {
      this.#store = new MemoryHistoryStore({ clock });
      this.#hub = new MemoryBrokerHub();
    }
    this.#history = this.#createHistory();
    this.#histories.push(this.#history);
    const broker = new MemoryBroker(this.#hub);
    const server = createServer({
      channels: [this.#createChannel(this.#life)],
      historyStore: this.#history,
      broker,
      clock,
      telemetry,
    });
    await server.start();
    this.#server = server;
    this.#mount = server.mount({ grammar: phoenix, path: "/simulated", limits: SIMULATED_LIMITS });
  }

  /** The machine is gone from one moment to the next, and a server that still drains on it. */
  crash(): void {
    const server = this.#server;
    this.#server = undefined;
    for (const history of this.#histories) history.cutOff();
    for (const pushId of this.#unkept.values()) this.#options.lost(pushId);
    for (const link of this.#links) link.crash();
    this.#links.clear();
    this.#hub = new MemoryBrokerHub();
    void server?.close();
  }

  /** The server says good-bye and ends. Resolves at once; {@link current} is `undefined` from now on. */
  drain(): void {
    const server = this.#server;
    this.#server = undefined;
    void server?.drain();
  }

  /** Connects a client; while the server is down the link closes. */
  dial(name: string, handlers: LinkHandlers): SimulatedLink {
    const { clock, random } = this.#options;
    const link = new SimulatedLink(clock, random.fork(), handlers);
    const negotiation = phoenix.negotiate({ vsn: HUTONG_VSN, subprotocols: [] });
    if (this.#server === undefined || this.#mount === undefined || negotiation.kind === "disagreed") {
      link.crash();
      return link;
    }
    this.#links.add(link);
    this.#server.open(this.#mount, link, negotiation.wireProtocol, { id: name, assigns: { name } });
    return link;
  }

  /** Broadcasts as an HTTP handler of the server would. */
  broadcast(topic: string): void {
    this.#server?.broadcast(topic, "said", this.#message({ life: this.#life }));
  }

  /** Where a topic stands. @throws while the server is down. */
  top(topic: string): StreamPosition {
    if (this.#server === undefined) throw new Error("the server is down");
    return this.#history.top(topic);
  }

  #createHistory(): RecordedHistory {
    const { clock, random, kept } = this.#options;
    return new RecordedHistory({
      store: this.#store,
      appended: (topic, stamp, draft: HistoryDraft) => {
        const message = draft.payload as SimulatedMessage; // only #message makes payloads
        this.#unkept.delete(message.id);
        kept(topic, stamp, message);
      },
      delay: this.#isSlowStore ? { clock, random: random.fork(), maxMs: 20 } : undefined,
    });
  }

  #createChannel(life: number): ReturnType<typeof defineChannel> {
    const { clock } = this.#options;
    return defineChannel("room:*", {
      history: { maxCount: this.#maxCount, except: ["typing"] },
      join: ({ topic }) => (topic === FORBIDDEN_TOPIC ? refuse("unauthorized") : accept()),
      joined: (channel) => void channel.presence.track(String(channel.connection.assigns["name"])),
      handle: {
        say: (payload, channel) => {
          const message = this.#message({ life, pushId: pushIdOf(payload) });
          channel.broadcast("said", message);
          return reply({ id: message.id });
        },
        tell_others: (payload, channel) => {
          const exceptClient = String(channel.connection.assigns["name"]);
          channel.broadcastToOthers("said", this.#message({ life, pushId: pushIdOf(payload), exceptClient }));
          return reply({});
        },
        say_slowly: async (payload, channel) => {
          await new Promise<void>((resolve) => void clock.after(200, resolve));
          channel.broadcast("said", this.#message({ life, pushId: pushIdOf(payload) }));
          return reply({});
        },
        say_nothing: () => refuse("not_today"),
        fail_first: (payload, channel) => {
          const pushId = pushIdOf(payload) ?? "";
          if (!this.#failedPushes.delete(pushId)) {
            this.#failedPushes.add(pushId);
            throw new Error("a handler that fails, as planned");
          }
          channel.broadcast("said", this.#message({ life, pushId }));
          return reply({});
        },
        // It is not kept; a no tells the checker to expect nothing in the history.
        typing: (_payload, channel) => {
          channel.broadcast("typing", { filler: "…" });
          return refuse("not_kept");
        },
      },
    });
  }

  #message(parts: Omit<SimulatedMessage, "id" | "filler">): SimulatedMessage {
    this.#messageCount++;
    const id = `m${this.#messageCount}`;
    if (parts.pushId !== undefined) this.#unkept.set(id, parts.pushId);
    return { ...parts, id, filler: ".".repeat((this.#messageCount * 37) % 300) };
  }
}

function pushIdOf(payload: unknown): string | undefined {
  const isMarked = typeof payload === "object" && payload !== null && "pushId" in payload;
  return isMarked && typeof payload.pushId === "string" ? payload.pushId : undefined;
}
