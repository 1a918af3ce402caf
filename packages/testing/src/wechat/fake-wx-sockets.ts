import type { FakeWxApp, FakeWxCallbacks, FakeWxFailure } from "./fake-wx-app.ts";
import type { FakeWxConnect, FakeWxLink } from "./fake-wx-network.ts";

/** How many WebSockets a mini-program may have at a time. */
const MAX_SOCKETS = 5;
const NOT_CONNECTED = "webSocket is not connected";

/** What WeChat says where the other end gave no reason. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [1000, "normal closure"],
  [1001, "going away"],
  [1002, "protocol error"],
  [1003, "unsupported data"],
  [1005, "no status rcvd"],
  [1006, "abnormal closure"],
  [1007, "invalid frame payload data"],
  [1008, "policy violation"],
  [1009, "message too big"],
  [1011, "internal server error"],
]);

/** What `wx.connectSocket` takes. */
export interface FakeWxConnectOptions extends FakeWxCallbacks<FakeWxFailure> {
  /** Absolute, with `wss:` or `ws:`. */
  readonly url: string;
  /** Of the upgrade request; `Referer` is WeChat's. */
  readonly header?: Readonly<Record<string, string>>;
  /** Subprotocols, best first. */
  readonly protocols?: readonly string[];
  /** Time that opening may take, in milliseconds. @defaultValue 60_000 */
  readonly timeout?: number;
}

/** What a task's `send` takes. */
export interface FakeWxSendOptions extends FakeWxCallbacks<FakeWxFailure> {
  /** Text or an `ArrayBuffer`; all else fails. */
  readonly data: unknown;
}

/** What a task's `close` takes. */
export interface FakeWxCloseOptions extends FakeWxCallbacks<FakeWxFailure> {
  /** @defaultValue 1000 */
  readonly code?: number;
  /** @defaultValue none */
  readonly reason?: string;
}

/** The handlers of a task: one of each kind. */
export interface FakeWxSocketHandlers {
  /** The socket is open. */
  open?: (event: { readonly header: Readonly<Record<string, string>> }) => void;
  /** A message came. */
  message?: (event: { readonly data: string | ArrayBuffer }) => void;
  /** The socket is closed. */
  close?: (event: { readonly code: number; readonly reason: string }) => void;
  /** It failed. */
  error?: (event: FakeWxFailure) => void;
}

type Handler<TKind extends keyof FakeWxSocketHandlers> = NonNullable<FakeWxSocketHandlers[TKind]>;

/** One WebSocket, as WeChat gives it: handlers are set, not added, and there is nothing to take them off. */
export class FakeSocketTask {
  readonly #app: FakeWxApp;
  readonly #handlers: FakeWxSocketHandlers = {};
  /** The handlers of the global form; they hear of the first socket. */
  readonly #globals: FakeWxSocketHandlers | undefined;
  readonly #ended: (task: FakeSocketTask) => void;
  readonly #stops: (() => void)[] = [];
  #link: FakeWxLink | undefined;
  #state: "opening" | "open" | "closing" | "closed" = "opening";

  /** Not for tests: `wx.connectSocket` makes tasks. `ended` hears when the socket counts no more. */
  constructor(app: FakeWxApp, globals: FakeWxSocketHandlers | undefined, ended: (task: FakeSocketTask) => void) {
    this.#app = app;
    this.#globals = globals;
    this.#ended = ended;
  }

  /** Sends text or bytes. */
  send(options: FakeWxSendOptions): void {
    const { data } = options;
    const isBytes = Object.prototype.toString.call(data) === "[object ArrayBuffer]";
    if (this.#state !== "open") return this.#answer(options, NOT_CONNECTED);
    if (typeof data !== "string" && !isBytes) return this.#answer(options, "data should be String or ArrayBuffer");
    // A copy: a buffer of another realm is none of this one, for the library beneath. The tag was checked.
    this.#link?.send(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer).slice().buffer);
    this.#answer(options, undefined);
  }

  /** Starts the closing handshake; before the socket is open it fails and changes nothing. */
  close(options: FakeWxCloseOptions = {}): void {
    if (this.#state !== "open") return this.#answer(options, NOT_CONNECTED);
    this.#state = "closing";
    this.#link?.close(options.code ?? 1000, options.reason ?? "");
    this.#answer(options, undefined);
  }

  /** Sets the handler. */
  onOpen(handler: Handler<"open">): void {
    this.#handlers.open = handler;
  }

  /** Sets the handler. */
  onMessage(handler: Handler<"message">): void {
    this.#handlers.message = handler;
  }

  /** Sets the handler. */
  onClose(handler: Handler<"close">): void {
    this.#handlers.close = handler;
  }

  /** Sets the handler. */
  onError(handler: Handler<"error">): void {
    this.#handlers.error = handler;
  }

  /** Not for tests: begins to connect. */
  start(connect: FakeWxConnect, options: FakeWxConnectOptions): void {
    const { url, header = {}, protocols = [], timeout = 60_000 } = options;
    const headers = Object.fromEntries(Object.entries(header).filter(([name]) => !/^referer$/i.test(name)));
    this.#stops.push(
      this.#app.clock.after(timeout, () => {
        if (this.#state === "opening") this.refuse("Timed out connecting to server.");
      }),
    );
    this.#link = connect(
      { url, headers, protocols },
      {
        opened: (answer) => {
          if (this.#state !== "opening") return;
          this.#state = "open";
          this.#tell("open", { header: answer });
        },
        received: (data) => {
          if (this.#state === "open" || this.#state === "closing") this.#tell("message", { data });
        },
        failed: (errMsg) => {
          if (this.#state !== "closed") this.#tell("error", { errMsg });
        },
        closed: (code, reason) => this.#end(code, reason),
      },
    );
  }

  /** Not for tests: gives up before it opened. */
  refuse(errMsg: string): void {
    if (this.#state === "closed") return;
    this.#tell("error", { errMsg });
    this.#end(1006, "");
    this.#link?.terminate();
  }

  /** Not for tests: WeChat cuts the socket of a mini-program that it freezes. `isTold` says whether the mini-program ever hears of it. */
  cut(isTold: boolean): void {
    if (this.#state === "closed") return;
    if (isTold) this.#end(1000, "interrupted");
    else this.#finish();
    this.#link?.terminate();
  }

  #end(code: number, reason: string): void {
    if (this.#state === "closed") return;
    this.#finish();
    this.#tell("close", { code, reason: reason === "" ? (REASONS.get(code) ?? "") : reason });
  }

  #finish(): void {
    this.#state = "closed";
    for (const stop of this.#stops) stop();
    this.#ended(this);
  }

  #tell<TKind extends keyof FakeWxSocketHandlers>(kind: TKind, event: Parameters<Handler<TKind>>[0]): void {
    this.#app.deliver(() => {
      for (const handlers of [this.#handlers, this.#globals]) {
        // The kind decides the type of handler and event alike, which TypeScript does not follow through an index.
        const handler = handlers?.[kind] as ((event: Parameters<Handler<TKind>>[0]) => void) | undefined;
        handler?.(event);
      }
    });
  }

  #answer(options: FakeWxCallbacks<FakeWxFailure>, failure: string | undefined): void {
    this.#app.tell(options, "operateSocketTask", failure === undefined ? { result: { errMsg: "" } } : { failure });
  }
}

/** The WebSockets of one run of a mini-program. */
export class FakeWxSockets {
  readonly #app: FakeWxApp;
  readonly #connect: FakeWxConnect;
  readonly #isOnline: () => boolean;
  readonly #globals: FakeWxSocketHandlers = {};
  readonly #tasks = new Set<FakeSocketTask>();
  /** The socket that the global form means. */
  #implicit: FakeSocketTask | undefined;

  constructor(app: FakeWxApp, connect: FakeWxConnect, isOnline: () => boolean) {
    this.#app = app;
    this.#connect = connect;
    this.#isOnline = isOnline;
  }

  /** How many sockets count against the limit of five. */
  get count(): number {
    return this.#tasks.size;
  }

  /** `wx.connectSocket`: gives the task before anything is decided. */
  connectSocket(options: FakeWxConnectOptions): FakeSocketTask {
    const isImplicit = this.#implicit === undefined;
    const task = new FakeSocketTask(this.#app, isImplicit ? this.#globals : undefined, (ended) => this.#ended(ended));
    const refusal = this.#refusalOf(options.url);
    if (isImplicit) this.#implicit = task;
    if (refusal === undefined) {
      this.#tasks.add(task);
      task.start(this.#connect, options);
    } else this.#app.clock.soon(() => task.refuse(refusal));
    const outcome = refusal === undefined ? { result: { errMsg: "" } } : { failure: refusal };
    this.#app.tell(options, "connectSocket", outcome);
    return task;
  }

  /** Cuts every socket, as a freeze does. */
  cut(isTold: boolean): void {
    for (const task of this.#tasks) task.cut(isTold);
  }

  /** Loses every socket, as a network that is gone does. */
  lose(): void {
    for (const task of this.#tasks) task.refuse("network is down");
  }

  /** The members of `wx` that are about sockets, without `connectSocket`. */
  globalForm() {
    const none = (options: FakeWxCallbacks<FakeWxFailure>, name: string): void =>
      this.#app.tell(options, name, { failure: NOT_CONNECTED });
    return {
      onSocketOpen: (handler: Handler<"open">): void => void (this.#globals.open = handler),
      onSocketMessage: (handler: Handler<"message">): void => void (this.#globals.message = handler),
      onSocketClose: (handler: Handler<"close">): void => void (this.#globals.close = handler),
      onSocketError: (handler: Handler<"error">): void => void (this.#globals.error = handler),
      sendSocketMessage: (options: FakeWxSendOptions): void =>
        this.#implicit === undefined ? none(options, "sendSocketMessage") : this.#implicit.send(options),
      closeSocket: (options: FakeWxCloseOptions = {}): void =>
        this.#implicit === undefined ? none(options, "closeSocket") : this.#implicit.close(options),
    };
  }

  #refusalOf(url: string): string | undefined {
    if (!this.#app.hasNetwork) return "interrupted";
    if (!/^wss?:\/\//i.test(url)) return "url not in domain list";
    if (!this.#isOnline()) return "network is down";
    return this.#tasks.size >= MAX_SOCKETS ? "exceed max task count" : undefined;
  }

  #ended(task: FakeSocketTask): void {
    this.#tasks.delete(task);
    if (this.#implicit === task) this.#implicit = undefined;
  }
}
