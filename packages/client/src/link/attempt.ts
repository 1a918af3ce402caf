import type { Frame } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import {
  describeClose,
  type Transport,
  type TransportClose,
  type TransportFactory,
  type TransportRequest,
} from "../transports/transport.ts";

/** What one attempt to connect needs. */
export interface AttemptOptions {
  readonly clock: Clock;
  /** Tried one after the other. */
  readonly transports: readonly TransportFactory[];
  /** How long the last transport, and the request, may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a transport that has a successor may take, in milliseconds. */
  readonly fallbackMs: number;
  /** Asks the application for the token and the parameters. */
  request(): Promise<TransportRequest>;
}

/** Whom an attempt tells. Nothing is told after it was abandoned. */
export interface AttemptHandlers {
  /** A transport is up. The attempt is over and the transport belongs to the caller. */
  opened(transport: Transport, factory: TransportFactory): void;
  /** No transport came up; the attempt is over. `error` is set when the application's own function, or making the last transport, failed, or the runtime refused it. */
  failed(reason: string, error?: unknown): void;
  /** A frame of the transport that opened. */
  received(transport: Transport, frame: Frame | ArrayBuffer): void;
  /** The transport that opened is gone. */
  closed(transport: Transport, close: TransportClose): void;
}

/** One attempt to connect: asks for the token, then tries each transport until one opens. */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #handlers: AttemptHandlers;
  #isOver = false;
  #transport: Transport | undefined;
  #stopTimer: () => void;

  constructor(options: AttemptOptions, handlers: AttemptHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#stopTimer = options.clock.after(options.timeoutMs, () => this.#fail("timeout"));
    options.request().then(
      (request) => this.#try(request, 0),
      (error: unknown) => this.#fail("the token or the parameters could not be had", error),
    );
  }

  /** Gives up: closes what has not opened. Does nothing when the attempt is over. */
  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer();
    this.#transport?.close(1000, "");
  }

  #fail(reason: string, error?: unknown): void {
    if (this.#isOver) return;
    this.abandon();
    this.#handlers.failed(reason, error);
  }

  #try(request: TransportRequest, index: number): void {
    if (this.#isOver) return;
    const { clock, transports, timeoutMs, fallbackMs } = this.#options;
    const factory = transports[index];
    if (factory === undefined) return this.#fail("no transport opened");
    const next = (reason: string, error?: unknown): void => {
      this.#stopTimer();
      if (index + 1 < transports.length) this.#try(request, index + 1);
      else this.#fail(reason, error);
    };
    this.#stopTimer();
    this.#stopTimer = clock.after(index + 1 < transports.length ? fallbackMs : timeoutMs, () => {
      const late = this.#transport;
      this.#transport = undefined;
      late?.close(1000, "");
      next("timeout");
    });
    try {
      this.#transport = this.#open(factory, request, next);
    } catch (error) {
      next(error instanceof Error ? error.message : "the transport could not be made", error);
    }
  }

  #open(
    factory: TransportFactory,
    request: TransportRequest,
    next: (reason: string, error?: unknown) => void,
  ): Transport {
    let hasOpened = false;
    const transport = factory.open(request, {
      opened: () => {
        if (this.#isOver || transport !== this.#transport) return transport.close(1000, "");
        hasOpened = true;
        this.#isOver = true;
        this.#stopTimer();
        this.#handlers.opened(transport, factory);
      },
      received: (frame) => {
        if (hasOpened) this.#handlers.received(transport, frame);
      },
      closed: (close) => {
        if (hasOpened) this.#handlers.closed(transport, close);
        else if (!this.#isOver && transport === this.#transport) next(describeClose(close), close.error);
      },
    });
    return transport;
  }
}
