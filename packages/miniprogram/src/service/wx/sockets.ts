import { isRecord, numberOf, textOf } from "../../is-record.ts";
import { decodeData, encodeData } from "./binary.ts";
import type { Invoke } from "./network.ts";
import { plainArguments, reporting, settle } from "./results.ts";

/** Most sockets that may be open at one time. */
export const MAX_SOCKETS = 5;

type SocketEvent = "open" | "message" | "close" | "error";
type Listener = (value: unknown) => void;

const EVENTS: readonly SocketEvent[] = ["open", "message", "close", "error"];

/** `wx.connectSocket` in both of its forms: tasks, and the old one with a single global socket. */
export class Sockets {
  readonly #invoke: Invoke;
  readonly #timeoutMs: number;
  readonly #tasks = new Map<number, SocketTask>();
  readonly #globalListeners = new Map<SocketEvent, Listener>();
  #global: SocketTask | undefined;
  #lastId = 0;

  /** `timeoutMs` is how long a connection may take to open. */
  constructor(invoke: Invoke, timeoutMs: number) {
    this.#invoke = invoke;
    this.#timeoutMs = timeoutMs;
  }

  /** The functions of `wx`. */
  get api(): Readonly<Record<string, unknown>> {
    return {
      connectSocket: (args: unknown) => this.#connect(args),
      sendSocketMessage: (args: unknown) => this.#onGlobal("sendSocketMessage", args, (task) => task.api.send(args)),
      closeSocket: (args: unknown) => this.#onGlobal("closeSocket", args, (task) => task.api.close(args)),
      ...Object.fromEntries(
        EVENTS.map((event) => [
          `onSocket${event[0]?.toUpperCase()}${event.slice(1)}`,
          (listener: unknown) => this.#listen(event, listener),
        ]),
      ),
    };
  }

  /** Takes a report of the host. */
  changed(data: unknown): void {
    if (!isRecord(data)) return;
    const id = numberOf(data["taskId"]);
    const task = this.#tasks.get(id);
    const event = EVENTS.find((name) => name === data["state"]);
    if (task === undefined || event === undefined) return;
    if (event === "close" || event === "error") this.#tasks.delete(id);
    const value = valueOf(event, data);
    task.emit(event, value);
    if (task === this.#global) this.#globalListeners.get(event)?.(value);
  }

  #connect(args: unknown): object | undefined {
    if (this.#tasks.size >= MAX_SOCKETS) {
      settle(args, { errMsg: "connectSocket:fail exceed max task count" });
      return undefined;
    }
    const id = ++this.#lastId;
    const task = new SocketTask(id, this.#invoke);
    this.#tasks.set(id, task);
    // The old form acts on the first socket that is still open.
    if (this.#global === undefined || !this.#tasks.has(this.#global.id)) this.#global = task;
    const timeoutMs = numberOf(isRecord(args) ? args["timeout"] : undefined, this.#timeoutMs);
    void this.#invoke("createSocket", { taskId: id, ...plainArguments(args), timeoutMs }).then((result) => {
      const isOk = result.errMsg.endsWith(":ok");
      if (!isOk) this.changed({ taskId: id, state: "error", errMsg: result.errMsg.replace(/^[^:]*:fail ?/, "") });
      settle(
        args,
        isOk
          ? { errMsg: "connectSocket:ok", socketTaskId: id }
          : { errMsg: result.errMsg.replace(/^[^:]*/, "connectSocket") },
      );
    });
    return task.api;
  }

  #listen(event: SocketEvent, listener: unknown): void {
    const callback = reporting(event, listener);
    if (callback !== undefined) this.#globalListeners.set(event, callback);
  }

  #onGlobal(api: string, args: unknown, run: (task: SocketTask) => void): void {
    const task = this.#global;
    if (task !== undefined && this.#tasks.has(task.id)) run(task);
    else settle(args, { errMsg: `${api}:fail webSocket is not connected` });
  }
}

class SocketTask {
  readonly id: number;
  readonly #invoke: Invoke;
  readonly #listeners = new Map<SocketEvent, Set<Listener>>();
  #readyState = 0;

  constructor(id: number, invoke: Invoke) {
    this.id = id;
    this.#invoke = invoke;
  }

  /** What the project gets. */
  readonly api = this.#createApi();

  emit(event: SocketEvent, value: unknown): void {
    if (event === "open") this.#readyState = 1;
    if (event === "close" || event === "error") this.#readyState = 3;
    for (const listener of this.#listeners.get(event) ?? []) listener(value);
  }

  #createApi() {
    const on = (event: SocketEvent) => (listener: unknown) => {
      const callback = reporting(event, listener);
      if (callback === undefined) return;
      const set = this.#listeners.get(event) ?? new Set<Listener>();
      this.#listeners.set(event, set);
      set.add(callback);
    };
    const readyState = (): number => this.#readyState;
    return {
      get readyState() {
        return readyState();
      },
      CONNECTING: 0,
      OPEN: 1,
      CLOSING: 2,
      CLOSED: 3,
      onOpen: on("open"),
      onMessage: on("message"),
      onClose: on("close"),
      onError: on("error"),
      send: (args: unknown) => this.#operate("send", args),
      close: (args: unknown) => this.#operate("close", args),
    };
  }

  #operate(operation: "send" | "close", args: unknown): void {
    const own = isRecord(args) ? args : {};
    const needed = operation === "send" ? this.#readyState === 1 : this.#readyState < 2;
    if (!needed) {
      settle(args, {
        errMsg: `${operation === "send" ? "sendSocketMessage" : "closeSocket"}:fail webSocket is not connected`,
      });
      return;
    }
    if (operation === "close") this.#readyState = 2;
    const data = operation === "send" ? { data: encodeData(own["data"]) } : {};
    void this.#invoke("operateSocket", {
      taskId: this.id,
      operation,
      code: numberOf(own["code"], 1000),
      reason: textOf(own["reason"]),
      ...data,
    }).then((result) =>
      settle(args, {
        errMsg: result.errMsg.replace(/^[^:]*/, operation === "send" ? "sendSocketMessage" : "closeSocket"),
      }),
    );
  }
}

function valueOf(event: SocketEvent, data: Readonly<Record<string, unknown>>): unknown {
  switch (event) {
    case "open":
      return { header: data["header"] ?? {}, profile: {} };
    case "message":
      return { data: decodeData(data["data"]) };
    case "close":
      return { code: numberOf(data["code"], 1006), reason: textOf(data["reason"]) };
    case "error":
      return { errMsg: textOf(data["errMsg"]) };
    default:
      return event satisfies never;
  }
}
