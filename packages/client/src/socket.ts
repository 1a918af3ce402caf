import {
  type ChannelContract,
  ClosedError,
  decodeServerFrame,
  encodeClientFrame,
  type Frame,
  HUTONG_VSN,
  type PhoenixMessage,
} from "@hutong/protocol";
import type { Channel, ChannelArguments, ChannelOptions } from "./channel.ts";
import type { ChannelHost } from "./channel/channel-host.ts";
import { SocketChannel } from "./channel/socket-channel.ts";
import type { UntypedContract } from "./contract-types.ts";
import { Link, type LinkOptions } from "./link/link.ts";
import type { SocketState } from "./link/socket-state.ts";
import { Listeners } from "./listeners.ts";
import type { SocketOptions } from "./options.ts";
import type { DurableOutbox } from "./outbox/durable-outbox.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { TransportRequest } from "./transports/transport.ts";

/** The events of a socket itself. */
export interface SocketEvents {
  /** The state changed. */
  readonly state: SocketState;
  /**
   * Something failed that no promise reports: the token function, a frame that cannot be read, the storage, or a stored
   * push that cannot be read. The socket goes on.
   */
  readonly error: unknown;
  /** A frame was sent or received, heartbeats among them: for looking at what goes on. It may hold what is no log's business. */
  readonly frame: SocketFrame;
}

/** A frame of the link and its way, as the event `frame` tells of it. */
export interface SocketFrame {
  /** As seen from here. */
  readonly direction: "sent" | "received";
  /** Text is a JSON array: join ref, ref, topic, event, payload. */
  readonly frame: Frame | ArrayBuffer;
}

/** What a socket is made of, all defaults resolved. */
export interface SocketSetup extends LinkOptions, Pick<SocketOptions, "token" | "params" | "outbox"> {
  /** Pushes that may wait, per channel. */
  readonly maxOutboxPushes: number;
}

/**
 * One link to a server and the channels on it. The link comes back by itself until
 * `close` is called or the server closes it with a code that says to stay away.
 */
export class Socket {
  readonly #setup: SocketSetup;
  readonly #link: Link;
  readonly #host: ChannelHost<SocketChannel>;
  readonly #outbox: DurableOutbox | undefined;
  readonly #listeners: { readonly [TEvent in keyof SocketEvents]: Listeners<SocketEvents[TEvent]> };
  /** The channel that `channel` gives for a topic. */
  readonly #current = new Map<string, SocketChannel>();
  /** Every channel that frames may concern, in the order of creation; one that is leaving shares its topic with its successor. */
  readonly #channels = new Set<SocketChannel>();
  #lastRef = 0;
  #closing: Promise<void> | undefined;

  /** Not for applications: `createSocket` makes sockets. */
  constructor(setup: SocketSetup) {
    this.#setup = setup;
    const { clock } = setup;
    this.#listeners = { state: new Listeners(clock), error: new Listeners(clock), frame: new Listeners(clock) };
    this.#link = this.#createLink();
    this.#outbox = setup.outbox?.({ ...setup, failed: (error) => this.#listeners.error.emit(error) });
    this.#host = this.#createHost();
  }

  /** The latest state. */
  get state(): SocketState {
    return this.#link.state;
  }

  /** The durable pushes that are not done; `undefined` when the options name no outbox. */
  get outbox(): Outbox | undefined {
    return this.#outbox;
  }

  /** Starts to connect. Does nothing when that has begun already. @throws {ClosedError} when the socket is closed. */
  connect(): void {
    this.#assertUsable();
    this.#outbox?.start();
    if (this.state.kind === "idle") this.#link.connect();
  }

  /**
   * Skips the wait before the next attempt; an open link is checked with a heartbeat. Connects when that has not begun.
   *
   * @throws {ClosedError} when the socket is closed.
   */
  reconnectNow(): void {
    this.connect();
    this.#link.connect();
  }

  /**
   * Closes the link and every channel for good. Pending promises reject with
   * {@link ClosedError} at once; durable pushes stay in the storage, for the next socket. Resolves when the
   * transport is gone, or after two seconds if the server does not answer, and the storage is at rest; a
   * transport that has not opened yet is given up and not waited for. Never rejects. A second call returns the same promise.
   * A closed socket stays closed: `createSocket` makes the next one.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  /** As {@link Socket.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Gives the channel of a topic. While one that was not left exists, later calls
   * give the same object and their parameters and options are ignored, because a second join
   * would end the first on the server.
   *
   * @throws {ClosedError} when the socket is closed.
   */
  channel<TContract extends ChannelContract = UntypedContract>(
    topic: string,
    ...rest: ChannelArguments<TContract>
  ): Channel<TContract>;
  channel(topic: string, params?: unknown, options: ChannelOptions = {}): Channel {
    this.#assertUsable();
    if (topic === "") throw new TypeError("topic must not be empty");
    let channel = this.#current.get(topic);
    if (channel === undefined) {
      channel = new SocketChannel({ ...options, topic, params }, this.#host);
      this.#current.set(topic, channel);
      this.#channels.add(channel);
    }
    return channel; // The contract is the caller's claim about the server; the channel is the same for all.
  }

  /** Calls the handler for every such event; the returned function ends that. */
  on<TEvent extends keyof SocketEvents>(event: TEvent, handler: (value: SocketEvents[TEvent]) => void): () => void {
    return this.#listeners[event].add(handler);
  }

  #assertUsable(): void {
    const { state } = this;
    if (state.kind === "closing") throw new ClosedError("socket");
    if (state.kind === "closed") throw new ClosedError("socket", state.code);
  }

  async #close(): Promise<void> {
    await this.#link.close();
    await this.#outbox?.settled;
  }

  #createLink(): Link {
    return new Link(this.#setup, {
      request: () => this.#request(),
      heartbeat: () =>
        this.#encode({ joinRef: null, ref: this.#nextRef(), topic: "phoenix", event: "heartbeat", payload: {} }),
      opened: () => this.#channels.forEach((channel) => channel.opened()),
      lost: () => this.#channels.forEach((channel) => channel.lost()),
      received: (frame) => this.#received(frame),
      ended: (code) => {
        this.#outbox?.end(new ClosedError("socket", code));
        this.#channels.forEach((channel) => channel.socketClosed(code));
      },
      changed: (state) => this.#listeners.state.emit(state),
      failed: (error) => this.#listeners.error.emit(error),
    });
  }

  #createHost(): ChannelHost<SocketChannel> {
    return {
      ...this.#setup,
      outbox: this.#outbox,
      linkState: () => this.state.kind,
      nextRef: () => this.#nextRef(),
      send: (message) => this.#link.send(this.#encode(message)),
      released: (channel) => {
        if (this.#current.get(channel.topic) === channel) this.#current.delete(channel.topic);
      },
      finished: (channel) => void this.#channels.delete(channel),
    };
  }

  async #request(): Promise<TransportRequest> {
    const { token, params } = this.#setup;
    const [givenToken, givenParams] = await Promise.all([
      typeof token === "function" ? token() : token,
      typeof params === "function" ? params() : params,
    ]);
    return { token: givenToken, params: { ...givenParams, vsn: HUTONG_VSN } };
  }

  #encode(message: PhoenixMessage): Frame {
    const frame = encodeClientFrame(message);
    this.#tell({ direction: "sent", frame });
    return frame;
  }

  /** Later, because a handler that pushes or leaves must not do so in the middle of a message. */
  #tell(frame: SocketFrame): void {
    if (!this.#listeners.frame.isEmpty) this.#setup.clock.soon(() => this.#listeners.frame.emit(frame));
  }

  #received(frame: Frame | ArrayBuffer): void {
    this.#tell({ direction: "received", frame });
    let message;
    try {
      message = decodeServerFrame(frame);
    } catch (error) {
      this.#listeners.error.emit(error);
      return;
    }
    for (const channel of this.#channels) if (channel.topic === message.topic) channel.receive(message);
  }

  #nextRef(): string {
    return String(++this.#lastRef);
  }
}
