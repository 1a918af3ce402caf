import { CLOSE_CODES, type Frame, reconnectsAfter } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import { reconnectDelayMs, type ReconnectOptions, STABLE_AFTER_MS } from "../reconnect.ts";
import { nothing, StateMachine } from "../state-machine.ts";
import {
  describeClose,
  type Transport,
  type TransportClose,
  type TransportFactory,
  type TransportRequest,
} from "../transports/transport.ts";
import { Attempt } from "./attempt.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Page } from "./page.ts";
import { SOCKET_TRANSITIONS, type SocketState } from "./socket-state.ts";

/** What a link is made of. */
export interface LinkOptions {
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  readonly page: Page;
  /** Ways to the server, best first. */
  readonly transports: readonly TransportFactory[];
  /** Time that opening may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Time that a transport has to open before the next one is tried, in milliseconds. */
  readonly longPollFallbackMs: number;
  /** Time between two heartbeats, in milliseconds. */
  readonly heartbeatIntervalMs: number;
  /** Time that an answer may take, in milliseconds. */
  readonly heartbeatTimeoutMs: number;
  readonly reconnect: Required<ReconnectOptions>;
}

/** Whom a link serves. */
export interface LinkOwner {
  /** Makes the token and parameters of one attempt. */
  request(): Promise<TransportRequest>;
  /** Makes the frame of a heartbeat. */
  heartbeat(): Frame;
  /** The link is open. */
  opened(): void;
  /** The link is gone and will come back. */
  lost(): void;
  /** A frame came. */
  received(frame: Frame | ArrayBuffer): void;
  /** The link is closed, or about to, and will not come back. Called once. */
  ended(code: number): void;
  /** The state of the link changed. */
  changed(state: SocketState): void;
  /** Something failed that nobody waits for. */
  failed(error: unknown): void;
}

/** How long a close may take before the link counts as gone, in milliseconds. */
const CLOSE_TIMEOUT_MS = 2_000;

/** The one link of a socket, which comes back by itself. */
export class Link {
  readonly #options: LinkOptions;
  readonly #owner: LinkOwner;
  readonly #machine: StateMachine<SocketState>;
  readonly #heartbeat: Heartbeat;
  /** Set while open or closing. */
  #transport: Transport | undefined;
  /** The one that opened first. It is kept, because a failure of what once worked is not a reason to fall back. */
  #proven: TransportFactory | undefined;
  #failures = 0;
  #unwatchPage = nothing;
  #resolveClosed: () => void = nothing;
  #closing: Promise<void> | undefined;

  constructor(options: LinkOptions, owner: LinkOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#machine = new StateMachine<SocketState>({
      initial: { kind: "idle" },
      transitions: SOCKET_TRANSITIONS,
      enter: (state, previous) => this.#enter(state, previous),
      entered: (state) => owner.changed(state),
    });
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      intervalMs: options.heartbeatIntervalMs,
      timeoutMs: options.heartbeatTimeoutMs,
      beat: () => this.send(owner.heartbeat()),
      dead: () => this.#drop(CLOSE_CODES.heartbeat_timeout.code, "heartbeat timeout"),
    });
  }

  get state(): SocketState {
    return this.#machine.state;
  }

  /** Starts to connect, or skips the wait before the next attempt; an open link is probed. */
  connect(): void {
    const { kind } = this.state;
    if (kind === "open") this.#heartbeat.probe();
    if (kind !== "idle" && kind !== "waiting" && kind !== "offline") return;
    if (kind === "idle") this.#unwatchPage = this.#options.page.watch(() => this.#pageChanged());
    this.#machine.transition({ kind: "connecting", attempt: this.#failures + 1 });
  }

  /** Sends while open; does nothing otherwise. */
  send(frame: Frame): void {
    if (this.state.kind === "open") this.#transport?.send(frame);
  }

  /** Resolves when the transport is gone, or did not go in time. */
  close(): Promise<void> {
    return (this.#closing ??= new Promise((resolve) => {
      if (this.state.kind === "closed") return resolve();
      this.#resolveClosed = resolve;
      if (this.state.kind === "open") this.#machine.transition({ kind: "closing" });
      else this.#closed();
    }));
  }

  #enter(state: SocketState, previous: SocketState): () => void {
    switch (state.kind) {
      case "connecting":
        return this.#enterConnecting();
      case "open":
        return this.#enterOpen();
      case "waiting":
      case "offline":
        if (previous.kind === "open") this.#owner.lost();
        return this.#options.clock.after(state.retryAtMs - this.#options.clock.now(), () => this.connect());
      case "closing":
        this.#owner.ended(CLOSE_CODES.normal.code);
        this.#transport?.close(CLOSE_CODES.normal.code, "");
        return this.#options.clock.after(CLOSE_TIMEOUT_MS, () => this.#closed());
      case "closed":
        this.#transport = undefined;
        this.#unwatchPage();
        if (previous.kind !== "closing") this.#owner.ended(state.code);
        this.#resolveClosed();
        return nothing;
      case "idle":
        return nothing;
      default:
        return state satisfies never;
    }
  }

  #enterConnecting(): () => void {
    const { clock, timeoutMs, longPollFallbackMs, transports } = this.#options;
    const attempt = new Attempt(
      {
        clock,
        timeoutMs,
        fallbackMs: longPollFallbackMs,
        transports: this.#proven === undefined ? transports : [this.#proven],
        request: () => this.#owner.request(),
      },
      {
        opened: (transport, factory) => {
          this.#transport = transport;
          this.#proven = factory;
          this.#machine.transition({ kind: "open", transport: factory.name });
        },
        failed: (reason, error) => {
          if (error !== undefined) this.#owner.failed(error);
          this.#retry(reason, undefined);
        },
        received: (transport, frame) => this.#received(transport, frame),
        closed: (transport, close) => this.#transportClosed(transport, close),
      },
    );
    return () => attempt.abandon();
  }

  #enterOpen(): () => void {
    if (this.#transport?.needsHeartbeat === true) this.#heartbeat.start();
    const stopTimer = this.#options.clock.after(STABLE_AFTER_MS, () => (this.#failures = 0));
    this.#owner.opened();
    return () => {
      stopTimer();
      this.#heartbeat.stop();
    };
  }

  #received(transport: Transport, frame: Frame | ArrayBuffer): void {
    if (transport !== this.#transport || this.state.kind !== "open") return;
    this.#heartbeat.heard();
    this.#owner.received(frame);
  }

  #transportClosed(transport: Transport, close: TransportClose): void {
    if (transport !== this.#transport) return;
    this.#transport = undefined;
    if (this.state.kind === "closing") this.#closed();
    else if (reconnectsAfter(close.code)) this.#retry(describeClose(close), close.code);
    else this.#closed(close.code, close.reason);
  }

  #drop(code: number, reason: string): void {
    const transport = this.#transport;
    // Whatever this transport still says concerns nobody.
    this.#transport = undefined;
    transport?.close(code, reason);
    this.#retry(reason, code);
  }

  #retry(reason: string, code: number | undefined): void {
    const { clock, page, random, reconnect } = this.#options;
    const delayMs = reconnectDelayMs({ failures: this.#failures++, code }, reconnect, random);
    this.#machine.transition({
      // Attempts go on while offline: a server on this machine can be reached without a network.
      kind: page.isOnline() ? "waiting" : "offline",
      attempt: this.#failures + 1,
      retryAtMs: clock.now() + delayMs,
      reason,
    });
  }

  #closed(code: number = CLOSE_CODES.normal.code, reason = ""): void {
    this.#machine.transition({ kind: "closed", code, reason });
  }

  #pageChanged(): void {
    const { page } = this.#options;
    if (page.isOnline() && (page.isVisible() || this.state.kind === "offline")) {
      // What failed before says nothing about a network or a page that has just come back.
      this.#failures = 0;
      return this.connect();
    }
    if (!page.isOnline() && this.state.kind === "waiting") this.#machine.transition({ ...this.state, kind: "offline" });
  }
}
