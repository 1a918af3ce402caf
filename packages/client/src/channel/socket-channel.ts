import {
  ChannelError,
  ClosedError,
  type ErrorName,
  type PhoenixMessage,
  readReport,
  type StreamPosition,
  writePosition,
} from "@hutong/protocol";
import type { Channel, ChannelOptions, ChannelState } from "../channel.ts";
import { isRecord } from "../is-record.ts";
import { Listeners } from "../listeners.ts";
import type { PushOptions } from "../push-options.ts";
import { rejoinDelayMs, STABLE_AFTER_MS } from "../reconnect.ts";
import { nothing, StateMachine } from "../state-machine.ts";
import { Wait, type WaitOptions } from "../wait.ts";
import type { ChannelHost } from "./channel-host.ts";
import { CHANNEL_TRANSITIONS } from "./channel-transitions.ts";
import { Follower } from "./follower.ts";
import { Pushes } from "./pushes.ts";
import { toChannelError } from "./reply-error.ts";

/** What a channel is made for. */
export interface ChannelSetup extends ChannelOptions {
  /** What it joins. */
  readonly topic: string;
  /** The parameters of each join. */
  readonly params: unknown;
}

/** The channel behind the typed {@link Channel}; its types know nothing of contracts. */
export class SocketChannel implements Channel {
  readonly topic: string;
  readonly #host: ChannelHost<SocketChannel>;
  readonly #params: unknown;
  readonly #machine: StateMachine<ChannelState>;
  readonly #stateListeners: Listeners<ChannelState>;
  readonly #follower: Follower;
  readonly #pushes: Pushes;
  /** The ref of the join that the server holds or considers; `null` when there is none. */
  #joinRef: string | null = null;
  #leaveRef: string | undefined;
  #failures = 0;
  /** What calls after the end reject with. */
  #closedError: ClosedError;
  #join: Wait<unknown> | undefined;
  #leaving: Promise<void> | undefined;

  constructor({ topic, params, position, snapshot }: ChannelSetup, host: ChannelHost<SocketChannel>) {
    this.topic = topic;
    this.#closedError = new ClosedError(`channel "${topic}"`);
    this.#params = params;
    this.#host = host;
    this.#stateListeners = new Listeners(host.clock);
    this.#machine = new StateMachine<ChannelState>({
      initial: { kind: "idle" },
      transitions: CHANNEL_TRANSITIONS,
      enter: (state) => this.#enter(state),
      entered: (state, previous) => {
        // Joining is entered again when the link comes up, which is no change to anyone outside.
        if (state.kind !== "joining" || previous.kind !== "joining") this.#stateListeners.emit(state);
      },
    });
    this.#follower = new Follower({
      ...host,
      position,
      snapshot,
      broke: (breaks) => this.#fellBehind(breaks),
      snapshotChanged: () => this.#snapshotChanged(),
    });
    this.#pushes = new Pushes({
      ...host,
      topic,
      expired: () => this.#late("reply_timeout"),
      canSend: () => this.state.kind === "joined",
      send: (event, payload) => this.#send(event, payload),
    });
  }

  get state(): ChannelState {
    return this.#machine.state;
  }

  get position(): StreamPosition | undefined {
    return this.#follower.position;
  }

  join({ timeoutMs = this.#host.timeoutMs, signal }: WaitOptions = {}): Promise<unknown> {
    if (this.#isOver()) return Promise.reject(this.#closedError);
    if (this.#join !== undefined && this.#join.state !== "rejected") return this.#join.promise;
    const join = new Wait<unknown>({
      clock: this.#host.clock,
      timeoutMs,
      signal,
      expired: () => this.#late("join_timeout"),
    });
    this.#join = join;
    if (this.state.kind === "joined") join.resolve(this.state.response);
    else if (join.state === "pending" && (this.state.kind === "idle" || this.state.kind === "refused"))
      this.#machine.transition({ kind: "joining" });
    return join.promise;
  }

  push(event: string, payload?: unknown, { durable = false, ...options }: PushOptions = {}): Promise<unknown> {
    if (this.#isOver()) return Promise.reject(this.#closedError);
    if (durable) {
      const { outbox } = this.#host;
      if (outbox === undefined) throw new TypeError("a durable push needs the socket's option outbox");
      return outbox.push({ ...options, topic: this.topic, event, payload });
    }
    if (this.state.kind === "refused") return Promise.reject(this.state.error);
    return this.#pushes.push(event, payload, options);
  }

  on(event: string, handler: (payload: unknown) => void): () => void {
    return this.#follower.on(event, handler);
  }

  onState(handler: (state: ChannelState) => void): () => void {
    return this.#stateListeners.add(handler);
  }

  leave(): Promise<void> {
    return (this.#leaving ??= new Promise((resolve) => {
      if (this.state.kind === "closed") return resolve();
      this.onState(({ kind }) => kind === "closed" && resolve());
      this.#host.released(this);
      // A join that is on its way must be undone as well.
      if (this.#joinRef === null) this.#end("left");
      else this.#machine.transition({ kind: "leaving" });
    }));
  }

  /** Hears that the link is up. */
  opened(): void {
    if (this.state.kind === "joining") this.#machine.transition({ kind: "joining" });
  }

  /** Hears that the link is gone; it may come back. */
  lost(): void {
    this.#joinRef = null;
    this.#pushes.failInFlight(this.#error("connection_lost"));
    const { kind } = this.state;
    if (kind === "leaving") this.#end("left");
    if (kind === "joining" || kind === "joined" || kind === "waiting") this.#machine.transition({ kind: "joining" });
  }

  /** Hears that the socket is closed for good. */
  socketClosed(code: number): void {
    this.#fail((this.#closedError = new ClosedError(`channel "${this.topic}"`, code)));
    if (this.state.kind !== "closed") this.#end("socket_closed");
  }

  /** Takes a message of its topic. Drops what belongs to an earlier join. */
  receive({ joinRef, ref, event, payload, extension }: PhoenixMessage): void {
    if (joinRef !== null && joinRef !== this.#joinRef) return;
    switch (event) {
      case "phx_reply":
        return this.#answered(ref, payload, extension);
      case "phx_error":
        if (this.state.kind === "joined" || this.state.kind === "joining") this.#crashed(payload);
        return;
      case "phx_close":
        if (this.state.kind !== "idle" && this.state.kind !== "closed") this.#end("ended");
        return;
      default:
        // A broadcast says nothing of the join it is for; before the answer to
        // the join it can only be for a channel that is gone.
        if (this.state.kind === "joined" || (this.state.kind === "joining" && joinRef !== null))
          this.#follower.receive(event, payload, extension);
    }
  }

  #enter(state: ChannelState): () => void {
    const { clock, timeoutMs } = this.#host;
    switch (state.kind) {
      case "joining":
        return this.#enterJoining();
      case "joined":
        return this.#enterJoined(state.response);
      case "waiting":
        return clock.after(state.retryAtMs - clock.now(), () => this.#machine.transition({ kind: "joining" }));
      case "refused":
        this.#joinRef = null;
        this.#failWaiting(state.error);
        this.#join = undefined;
        return nothing;
      case "leaving":
        this.#failWaiting(this.#error("closed"));
        this.#leaveRef = this.#send("phx_leave", {});
        return clock.after(timeoutMs, () => this.#end("left"));
      case "closed":
        this.#fail(this.#error("closed"));
        this.#host.released(this);
        this.#host.finished(this);
        return nothing;
      case "idle":
        return nothing;
      default:
        return state satisfies never;
    }
  }

  #enterJoining(): () => void {
    const { clock, timeoutMs } = this.#host;
    if (this.#host.linkState() !== "open") return nothing;
    this.#joinRef = this.#host.nextRef();
    try {
      const { position } = this.#follower;
      this.#sendAs(this.#joinRef, "phx_join", this.#params, position && writePosition(position));
    } catch (cause) {
      this.#machine.transition({ kind: "refused", error: this.#error("internal", cause) });
      return nothing;
    }
    return clock.after(timeoutMs, () => {
      // The server may still accept; then it would hold a channel that nobody listens to.
      this.#send("phx_leave", {});
      this.#retry(this.#error("join_timeout"));
    });
  }

  #enterJoined(response: unknown): () => void {
    const { clock, outbox } = this.#host;
    this.#join?.resolve(response);
    this.#pushes.flush();
    outbox?.joined(this.topic, (event, payload, id) => this.#send(event, payload, id));
    const stopTimer = clock.after(STABLE_AFTER_MS, () => (this.#failures = 0));
    return () => {
      stopTimer();
      outbox?.left(this.topic);
      this.#follower.left();
    };
  }

  #answered(ref: PhoenixMessage["ref"], payload: unknown, extension: unknown): void {
    const { status, response } = isRecord(payload) ? payload : {};
    if (typeof ref !== "string" || typeof status !== "string") return;
    const { kind } = this.state;
    if (kind === "joining" && ref === this.#joinRef) return this.#joinAnswered(status, response, extension);
    if (kind === "leaving" && ref === this.#leaveRef) return this.#end("left");
    this.#pushAnswered(ref, status, response);
  }

  #pushAnswered(ref: string, status: string, response: unknown): void {
    const { topic } = this;
    const error = status === "ok" ? undefined : toChannelError({ topic, fallback: "push_refused", status, response });
    const answer = { error, response };
    const isJoined = this.state.kind === "joined";
    // The server has lost the channel that this side believes in.
    const isLost = isJoined && error?.code === "unmatched_topic";
    // What a channel that leaves is told may be for a durable push of its successor.
    if (!isJoined || isLost || this.#host.outbox?.answered(topic, ref, answer) !== true)
      this.#pushes.answered(ref, answer);
    if (isLost) this.#retry(error);
  }

  #joinAnswered(status: string, response: unknown, extension: unknown): void {
    if (status === "ok") {
      const report = readReport(extension);
      const recovery = report && { recovered: report.recovered, reason: report.reason };
      this.#follower.joined(report);
      return this.#machine.transition({ kind: "joined", response, recovery, snapshot: this.#follower.snapshot });
    }
    const error = toChannelError({ topic: this.topic, fallback: "join_refused", status, response });
    if (error.retryable) this.#retry(error);
    else this.#machine.transition({ kind: "refused", error });
  }

  #fellBehind(breaks: number): void {
    const error = this.#error("connection_lost", new Error("a broadcast did not arrive"));
    if (breaks > 1) return this.#retry(error);
    this.#pushes.failInFlight(error);
    this.#machine.transition({ kind: "joining" });
  }

  #snapshotChanged(): void {
    if (this.state.kind === "joined") this.#machine.amend({ ...this.state, snapshot: this.#follower.snapshot });
  }

  #crashed(payload: unknown): void {
    this.#host.outbox?.crashed(this.topic);
    this.#retry(toChannelError({ topic: this.topic, fallback: "channel_crash", response: payload }));
  }

  #retry(error: ChannelError): void {
    this.#joinRef = null;
    this.#pushes.failInFlight(error);
    const retryAtMs = this.#host.clock.now() + rejoinDelayMs(this.#failures++, this.#host.random);
    this.#machine.transition({ kind: "waiting", retryAtMs, error });
  }

  #end(cause: "left" | "ended" | "socket_closed"): void {
    this.#machine.transition({ kind: "closed", cause: this.state.kind === "leaving" ? "left" : cause });
  }

  /** Rejects what waits to be sent, the join included. */
  #failWaiting(error: Error): void {
    this.#join?.reject(error);
    this.#pushes.failWaiting(error);
  }

  #fail(error: Error): void {
    this.#failWaiting(error);
    this.#pushes.failInFlight(error);
  }

  #isOver(): boolean {
    return this.state.kind === "leaving" || this.state.kind === "closed";
  }

  /** The error of a wait that took too long. Its cause tells of a `join` or a `connect` that was forgotten. */
  #late(code: "join_timeout" | "reply_timeout"): ChannelError {
    return this.#error(code, new Error(`the channel is ${this.state.kind}, its socket is ${this.#host.linkState()}`));
  }

  #error(code: ErrorName, cause?: unknown): ChannelError {
    return new ChannelError(code, { topic: this.topic, cause });
  }

  #send(event: string, payload: unknown, extension?: unknown): string {
    const ref = this.#host.nextRef();
    this.#sendAs(ref, event, payload, extension);
    return ref;
  }

  #sendAs(ref: string, event: string, payload: unknown, extension: unknown): void {
    this.#host.send({ joinRef: this.#joinRef, ref, topic: this.topic, event, payload, extension });
  }
}
