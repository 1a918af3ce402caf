import { WebSocket } from "ws";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { type HostMap, type Target, targetOf } from "./address-guard.ts";
import type { ApiArguments, ApiTable } from "./api-table.ts";
import { HostFailure } from "./host-failure.ts";
import type { NetworkEntry } from "./http-transfers.ts";

/** What sockets need of their session. */
export interface SocketProxyOptions {
  readonly map: HostMap;
  /** Value of the `Referer` header. */
  readonly referer: string;
  /** Reports a change to the logic layer. */
  readonly report: (change: object) => void;
  /** Tells the panel of the phone about a socket. */
  readonly log: (entry: NetworkEntry) => void;
}

/** What WeChat says when the peer gives no reason. */
const REASONS = new Map([
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
  [1015, "tls handshake"],
]);

/** Reason with which WeChat cuts sockets of a mini-program in the background; the code is 1000. */
export const INTERRUPTED = "interrupted";

/** A line of the network panel about one socket. */
type Log = (status: string, isFailure?: boolean) => void;

interface OpenSocket {
  readonly webSocket: WebSocket;
  readonly log: Log;
}

/** The WebSockets of one session, opened by the host: a browser's cannot send headers. */
export class SocketProxy {
  readonly #options: SocketProxyOptions;
  readonly #sockets = new Map<number, OpenSocket>();

  /** Starts without a socket. */
  constructor(options: SocketProxyOptions) {
    this.#options = options;
  }

  /** The calls of the logic layer. */
  get api(): ApiTable {
    return {
      createSocket: (args) => this.#open(args),
      operateSocket: (args) => this.#operate(args),
    };
  }

  /** Cuts all sockets as WeChat does in the background: 1000 "interrupted" for the application. */
  interrupt(): void {
    for (const [taskId, { webSocket, log }] of this.#sockets) {
      this.#sockets.delete(taskId);
      webSocket.removeAllListeners();
      // Closing a socket that is still connecting reports an error.
      webSocket.on("error", () => {});
      webSocket.terminate();
      log(`closed 1000 (${INTERRUPTED})`);
      this.#options.report({ taskId, state: "close", code: 1000, reason: INTERRUPTED });
    }
  }

  #open(args: ApiArguments): void {
    const taskId = numberOf(args["taskId"]);
    const address = textOf(args["url"]);
    const log: Log = (status, isFailure = false) =>
      this.#options.log({ kind: "socket", method: "", url: address, status, isFailure, durationMs: 0 });
    const { url, lookup } = this.#target(address, log);
    const protocols = Array.isArray(args["protocols"]) ? args["protocols"].map(String) : [];
    const webSocket = new WebSocket(url, protocols, {
      headers: { ...headersOf(args["header"]), referer: this.#options.referer },
      handshakeTimeout: numberOf(args["timeoutMs"], 60_000),
      perMessageDeflate: args["perMessageDeflate"] === true,
      ...(lookup !== undefined && { lookup }),
    });
    this.#sockets.set(taskId, { webSocket, log });
    this.#listen(taskId, { webSocket, log });
  }

  #target(address: string, log: Log): Target {
    try {
      return targetOf(address, this.#options.map, ["ws:", "wss:"]);
    } catch (error) {
      log(error instanceof Error ? error.message : String(error), true);
      throw error;
    }
  }

  #listen(taskId: number, { webSocket, log }: OpenSocket): void {
    const { report } = this.#options;
    let header: Readonly<Record<string, unknown>> = {};
    webSocket.on("upgrade", (response) => {
      header = response.headers;
    });
    webSocket.on("open", () => {
      log("open");
      report({ taskId, state: "open", header });
    });
    webSocket.on("message", (data, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
      report({
        taskId,
        state: "message",
        data: isBinary ? { base64: bytes.toString("base64") } : bytes.toString("utf8"),
      });
    });
    let failure: string | undefined;
    webSocket.on("error", (error) => {
      failure = error.message;
    });
    webSocket.on("close", (code, reason) => {
      this.#sockets.delete(taskId);
      log(`closed ${code}${failure === undefined ? "" : ` (${failure})`}`, failure !== undefined);
      if (failure !== undefined) report({ taskId, state: "error", errMsg: failure });
      else report({ taskId, state: "close", code, reason: reason.toString() || (REASONS.get(code) ?? "") });
    });
  }

  #operate(args: ApiArguments): void {
    const webSocket = this.#sockets.get(numberOf(args["taskId"]))?.webSocket;
    if (webSocket === undefined) throw new HostFailure("task not found");
    if (args["operation"] === "close") {
      webSocket.close(numberOf(args["code"], 1000), textOf(args["reason"]));
      return;
    }
    const { data } = args;
    webSocket.send(isRecord(data) ? Buffer.from(textOf(data["base64"]), "base64") : textOf(data));
  }
}

function headersOf(header: unknown): Readonly<Record<string, string>> {
  if (!isRecord(header)) return {};
  const entries = Object.entries(header).filter(
    ([name]) => !/^(host|connection|upgrade|referer|sec-websocket-.*)$/i.test(name),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value).replace(/[\r\n]/g, "")]));
}
