/**
 * One `SocketTask` with what WeChat leaves to its caller: each end is told once,
 * events of a task that nobody wants any more are ignored, a close before the
 * open is made up for, a failed send is a lost link, and so is a freeze.
 */
import type { Clock } from "../clock.ts";
import type { TransportClose } from "../transports/transport.ts";
import type { AppLife } from "./app-life.ts";
import { toWechatError } from "./wechat-error.ts";
import type { Wx, WxFailure, WxSocketTask } from "./wx.ts";

/** What a task is opened with. */
export interface SocketTaskOptions {
  readonly wx: Wx;
  readonly clock: Clock;
  readonly app: AppLife;
  /** Absolute, with `wss:` or `ws:`. */
  readonly url: string;
  /** Of the upgrade request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Best first. @defaultValue none */
  readonly subprotocols?: readonly string[];
  /** Time that opening may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Whom a task tells. None is called before the constructor has returned. */
export interface SocketTaskHandlers {
  /** At most once. `header` holds the headers of the answer. */
  opened(header: Readonly<Record<string, unknown>>): void;
  /** Only between `opened` and `closed`. */
  received(data: string | ArrayBuffer): void;
  /** Once, and last. */
  closed(close: TransportClose): void;
}

const LINK_FAILED = 1006;
const ignore = (): void => undefined;

/** A task and the one who uses it. */
export class GuardedSocketTask {
  readonly #handlers: SocketTaskHandlers;
  readonly #clock: Clock;
  readonly #unwatch: () => void;
  #task: WxSocketTask | undefined;
  #state: "opening" | "open" | "closing" | "closed" = "opening";

  constructor(options: SocketTaskOptions, handlers: SocketTaskHandlers) {
    const { wx, url, headers, subprotocols = [], timeoutMs, app, clock } = options;
    this.#handlers = handlers;
    this.#clock = clock;
    this.#unwatch = app.onThaw(() => this.#lose({ code: LINK_FAILED, reason: "suspended" }));
    // WeChat may refuse while it is being asked.
    let refusal: WxFailure | undefined;
    let refuse = (failure: WxFailure): void => void (refusal ??= failure);
    this.#task = wx.connectSocket({
      url,
      header: headers,
      timeout: timeoutMs,
      ...(subprotocols.length > 0 && { protocols: [...subprotocols] }),
      fail: (failure) => refuse(failure),
    });
    refuse = (failure) => this.#fail(failure);
    if (this.#task !== undefined) this.#listen(this.#task);
    const first = refusal ?? (this.#task === undefined ? { errMsg: "connectSocket:fail no task" } : undefined);
    if (first !== undefined) clock.soon(() => this.#fail(first));
  }

  /** Sends while open; does nothing otherwise. */
  send(data: string | ArrayBuffer): void {
    // WeChat may refuse while it is being asked, and whoever sends has not noted yet what it sent.
    const fail = (failure: WxFailure): void => this.#clock.soon(() => this.#fail(failure));
    if (this.#state === "open") this.#task?.send({ data, fail });
  }

  /** Ends the link; before the open at once. Does nothing the second time. */
  close(code: number, reason: string): void {
    if (this.#state === "opening") this.#lose({ code, reason });
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#task?.close({ code, reason, fail: () => this.#end({ code, reason }) });
  }

  #listen(task: WxSocketTask): void {
    // All four at once: a task holds one handler of each kind, and what comes before is lost.
    task.onOpen(({ header = {} }) => {
      // Only now a task can be closed that was given up before; left open, it would be one of WeChat's five.
      if (this.#state !== "opening") return task.close({ code: 1000, fail: ignore });
      this.#state = "open";
      this.#handlers.opened(header);
    });
    task.onMessage(({ data }) => {
      if (this.#state === "open") this.#handlers.received(data);
    });
    // "interrupted" with 1000 is WeChat's own doing when the mini-program freezes: nobody asked for that close.
    task.onClose(({ code = LINK_FAILED, reason = "" }) =>
      this.#end({ code: this.#state === "open" && reason === "interrupted" ? LINK_FAILED : code, reason }),
    );
    task.onError((failure) => this.#fail(failure));
  }

  #fail(failure: WxFailure): void {
    this.#lose({ code: LINK_FAILED, reason: failure.errMsg, error: toWechatError(failure) });
  }

  /** Ends without waiting for WeChat, which may never tell. */
  #lose(close: TransportClose): void {
    if (this.#state === "closed") return;
    this.#task?.close({ code: 1000, fail: ignore });
    this.#end(close);
  }

  #end(close: TransportClose): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#unwatch();
    this.#handlers.closed(close);
  }
}
