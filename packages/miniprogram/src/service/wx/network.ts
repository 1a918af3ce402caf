import type { InvokeResult } from "../../bus/message.ts";
import { isRecord, numberOf, textOf } from "../../is-record.ts";
import { decodeData, encodeData } from "./binary.ts";
import { plainRequest } from "./http-body.ts";
import { ApiError, plainArguments, reporting, settle } from "./results.ts";

/** Calls an API of the host. */
export type Invoke = (api: string, args: unknown) => Promise<InvokeResult>;

/** Keeps a temporary file under a path; rejects with {@link ApiError}. */
export type KeepFile = (tempFilePath: string, filePath: string) => Promise<void>;

/** Most transfers that may run at one time. */
export const MAX_CONCURRENT_TRANSFERS = 10;

type Listener = (value: unknown) => void;

interface Transfer {
  readonly api: string;
  readonly args: unknown;
  readonly listeners: Map<string, Set<Listener>>;
  finish(result: InvokeResult): InvokeResult;
}

/** `wx.request`, `wx.uploadFile` and `wx.downloadFile`. The host carries them out and reports by number. */
export class Transfers {
  readonly #invoke: Invoke;
  readonly #timeoutMs: Readonly<Record<string, number>>;
  readonly #keep: KeepFile;
  readonly #running = new Map<number, Transfer>();
  readonly #waiting: { readonly id: number; begin(): void }[] = [];
  #lastId = 0;

  /** `timeoutMs` holds the limits of app.json by API; `keep` puts a download where it is to lie. */
  constructor(invoke: Invoke, timeoutMs: Readonly<Record<string, number>>, keep: KeepFile) {
    this.#invoke = invoke;
    this.#keep = keep;
    this.#timeoutMs = timeoutMs;
  }

  /** The functions of `wx`. */
  get api(): Readonly<Record<string, unknown>> {
    return {
      request: (args: unknown) => this.#start("request", args, requestBody(args)),
      uploadFile: (args: unknown) => this.#start("uploadFile", args, plainArguments(args)),
      downloadFile: (args: unknown) => this.#start("downloadFile", args, plainArguments(args)),
    };
  }

  /** Takes a report of the host. */
  changed(data: unknown): void {
    if (!isRecord(data)) return;
    const id = numberOf(data["taskId"]);
    const transfer = this.#running.get(id);
    if (transfer === undefined) return;
    const state = textOf(data["state"]);
    if (state !== "success" && state !== "fail") {
      const value = decodeField(data["value"]);
      for (const listener of transfer.listeners.get(state) ?? []) listener(value);
      return;
    }
    this.#end(id, transfer, resultOf(transfer.api, data["result"]));
  }

  #start(api: string, args: unknown, body: object): object {
    const id = ++this.#lastId;
    const listeners = new Map<string, Set<Listener>>();
    const transfer: Transfer = { api, args, listeners, finish: (result) => finished(api, args, result) };
    const own = isRecord(args) ? args : {};
    const timeoutMs = numberOf(own["timeout"], this.#timeoutMs[api]);
    const isChunked = own["enableChunked"] === true;
    const begin = (): void => {
      this.#running.set(id, transfer);
      void this.#invoke("createTransfer", { kind: api, taskId: id, timeoutMs, isChunked, ...body }).then((result) => {
        if (!result.errMsg.endsWith(":ok")) this.#end(id, transfer, resultOf(api, result));
      });
    };
    if (this.#running.size < MAX_CONCURRENT_TRANSFERS) begin();
    else this.#waiting.push({ id, begin });
    return taskObject(listeners, () => this.#abort(id, transfer));
  }

  #abort(id: number, transfer: Transfer): void {
    if (!this.#running.has(id)) {
      const place = this.#waiting.findIndex((one) => one.id === id);
      if (place < 0) return;
      this.#waiting.splice(place, 1);
      settle(transfer.args, { errMsg: `${transfer.api}:fail abort` });
      return;
    }
    void this.#invoke("abortTransfer", { taskId: id });
    this.#end(id, transfer, { errMsg: `${transfer.api}:fail abort` });
  }

  #end(id: number, transfer: Transfer, result: InvokeResult): void {
    if (!this.#running.delete(id)) return;
    this.#waiting.shift()?.begin();
    const { api, args } = transfer;
    const filePath = api === "downloadFile" && isRecord(args) ? textOf(args["filePath"]) : "";
    if (filePath === "" || !result.errMsg.endsWith(":ok")) settle(args, transfer.finish(result));
    else void this.#kept(result, filePath).then((kept) => settle(args, kept));
  }

  /** A download that names a path is no temporary file. */
  async #kept({ tempFilePath, ...result }: InvokeResult, filePath: string): Promise<InvokeResult> {
    try {
      await this.#keep(textOf(tempFilePath), filePath);
      return { ...result, filePath };
    } catch (error) {
      return { errMsg: error instanceof ApiError ? error.errMsg : "downloadFile:fail" };
    }
  }
}

function taskObject(listeners: Map<string, Set<Listener>>, abort: () => void): object {
  const on = (state: string) => (listener: unknown) => {
    const set = listeners.get(state) ?? new Set<Listener>();
    listeners.set(state, set);
    const callback = reporting(state, listener);
    if (callback !== undefined) set.add(callback);
  };
  const off = (state: string) => () => void listeners.delete(state);
  return {
    abort,
    onHeadersReceived: on("headers"),
    offHeadersReceived: off("headers"),
    onChunkReceived: on("chunk"),
    offChunkReceived: off("chunk"),
    onProgressUpdate: on("progress"),
    offProgressUpdate: off("progress"),
  };
}

function requestBody(args: unknown): object {
  const { url, method, header, body } = plainRequest(isRecord(args) ? args : {});
  return { url, method, header, ...(body !== undefined && { body: encodeData(body) }) };
}

function resultOf(api: string, value: unknown): InvokeResult {
  const result = isRecord(value) ? value : {};
  const reason = textOf(result["errMsg"], "fail").replace(/^[^:]*:/, "");
  return { ...result, errMsg: `${api}:${reason}` };
}

function finished(api: string, args: unknown, result: InvokeResult): InvokeResult {
  if (api !== "request" || !result.errMsg.endsWith(":ok")) return result;
  const own = isRecord(args) ? args : {};
  if (own["responseType"] === "arraybuffer") return { ...result, data: decodeData(result["data"]) };
  const text = textOf(result["text"]);
  const { text: _text, data: _data, ...others } = result;
  const isJson = textOf(own["dataType"], "json") === "json";
  return { ...others, errMsg: result.errMsg, data: isJson ? parsed(text) : text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON is given as it came.
    return text;
  }
}

function decodeField(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value["data"])) return value;
  return { ...value, data: decodeData(value["data"]) };
}
