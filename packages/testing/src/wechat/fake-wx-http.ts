import { randomUUID } from "node:crypto";
import type { FakeWxApp, FakeWxCallbacks, FakeWxFailure } from "./fake-wx-app.ts";
import type { FakeWxHttpRequest, FakeWxHttpResponse, FakeWxSend } from "./fake-wx-network.ts";

/** How many requests, uploads and downloads a mini-program may have at a time. */
const MAX_TASKS = 10;
const DEFAULT_TIMEOUT_MS = 60_000;
const METHODS: ReadonlySet<string> = new Set(["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"]);

/** What all three kinds of requests take. */
interface TaskOptions {
  /** Absolute, with `https:` or `http:`. */
  readonly url: string;
  /** `Referer` is WeChat's. */
  readonly header?: Readonly<Record<string, string>>;
  /** Time that it may take, in milliseconds. @defaultValue 60_000 */
  readonly timeout?: number;
}

/** What `success` of `wx.request` gets. */
export interface FakeWxResponse {
  /** The body: a JSON value, a text, or an `ArrayBuffer`. */
  readonly data: unknown;
  /** HTTP status. */
  readonly statusCode: number;
  /** Names as the server wrote them. */
  readonly header: Readonly<Record<string, string>>;
  /** One text per cookie. */
  readonly cookies: readonly string[];
}

/** What `wx.request` takes. */
export interface FakeWxRequestOptions extends TaskOptions, FakeWxCallbacks<FakeWxResponse & FakeWxFailure> {
  /** @defaultValue `"GET"` */
  readonly method?: string;
  /** Text, bytes, or an object: a query with GET, else JSON or a form. */
  readonly data?: unknown;
  /** @defaultValue `"json"`: the body is parsed where it can be */
  readonly dataType?: string;
  /** @defaultValue `"text"` */
  readonly responseType?: string;
}

/** What `wx.uploadFile` takes. */
export interface FakeWxUploadOptions
  extends TaskOptions, FakeWxCallbacks<Pick<FakeWxResponse, "data" | "statusCode"> & FakeWxFailure> {
  /** A path of the phone. */
  readonly filePath: string;
  /** The field of the form. */
  readonly name: string;
  /** The other fields. */
  readonly formData?: Readonly<Record<string, unknown>>;
}

/** What `wx.downloadFile` takes. */
export interface FakeWxDownloadOptions
  extends
    TaskOptions,
    FakeWxCallbacks<{ readonly tempFilePath: string; readonly statusCode: number } & FakeWxFailure> {}

/** How far an upload is. */
export interface FakeWxProgress {
  /** In percent. */
  readonly progress: number;
  /** Of the body. */
  readonly totalBytesSent: number;
  /** Of the body. */
  readonly totalBytesExpectedToSend: number;
}

/** A request, an upload or a download that is under way. */
export class FakeWxTask {
  readonly #abort: () => void;
  #progress: ((event: FakeWxProgress) => void) | undefined;

  constructor(abort: () => void) {
    this.#abort = abort;
  }

  /** Gives it up: it fails with `abort`. */
  abort(): void {
    this.#abort();
  }

  /** Sets the handler. */
  onProgressUpdate(handler: (event: FakeWxProgress) => void): void {
    this.#progress = handler;
  }

  /** Not for tests: tells how far it is. */
  tell(event: FakeWxProgress): void {
    this.#progress?.(event);
  }
}

/** What the requests of a mini-program need. */
export interface FakeWxHttpOptions {
  readonly app: FakeWxApp;
  readonly send: FakeWxSend;
  /** Whether the phone has a network. */
  readonly isOnline: () => boolean;
  /** The files of the phone, by path. */
  readonly files: Map<string, Uint8Array>;
}

interface Job<TResult extends object> {
  readonly name: string;
  readonly options: TaskOptions & FakeWxCallbacks<TResult & FakeWxFailure>;
  readonly request: Pick<FakeWxHttpRequest, "url" | "method" | "headers" | "body">;
  readonly read: (response: FakeWxHttpResponse) => TResult;
}

/** The members of `wx` that are about HTTP. */
export class FakeWxHttp {
  readonly #options: FakeWxHttpOptions;
  #count = 0;

  constructor(options: FakeWxHttpOptions) {
    this.#options = options;
  }

  /** `wx.request`: any status is a success. */
  request(options: FakeWxRequestOptions): FakeWxTask {
    const { method = "GET", dataType = "json", responseType = "text" } = options;
    const { url, headers, body } = encodeRequest(options);
    return this.#run({
      name: "request",
      options,
      request: { url, method: method.toUpperCase(), headers, body },
      read: (response) => ({
        data: decodeBody(response.body, responseType, dataType),
        statusCode: response.status,
        header: response.headers,
        // A comma before a name and its value; those of dates have none behind them.
        cookies: response.headers["set-cookie"]?.split(/, (?=[^;,=\s]+=)/) ?? [],
      }),
    });
  }

  /** `wx.uploadFile`: the body of the answer is always text. */
  uploadFile(options: FakeWxUploadOptions): FakeWxTask {
    const boundary = `fake-wx-${randomUUID()}`;
    const headers = { ...lowerCase(options.header), "content-type": `multipart/form-data; boundary=${boundary}` };
    const body = encodeForm(options, boundary, this.#options.files.get(options.filePath));
    return this.#run({
      name: "uploadFile",
      options,
      request: { url: options.url, method: "POST", headers, body },
      read: (response) => ({ data: textOf(response.body), statusCode: response.status }),
    });
  }

  /** `wx.downloadFile`: the file is at a path that lasts as long as the phone. */
  downloadFile(options: FakeWxDownloadOptions): FakeWxTask {
    return this.#run({
      name: "downloadFile",
      options,
      request: { url: options.url, method: "GET", headers: lowerCase(options.header), body: new Uint8Array() },
      read: (response) => {
        const tempFilePath = `http://tmp/${randomUUID()}`;
        this.#options.files.set(tempFilePath, response.body);
        return { tempFilePath, statusCode: response.status };
      },
    });
  }

  #run<TResult extends object>({ name, options, request, read }: Job<TResult>): FakeWxTask {
    const { app } = this.#options;
    const abort = new AbortController();
    const task = new FakeWxTask(() => abort.abort("abort"));
    const answer = (outcome: { readonly result: TResult } | { readonly failure: string }): void =>
      app.tell(options, name, outcome);
    const refusal = this.#refusalOf(name, request, options);
    if (refusal !== undefined) {
      answer({ failure: refusal });
      return task;
    }
    this.#count += 1;
    const stops = [
      app.clock.after(options.timeout ?? DEFAULT_TIMEOUT_MS, () => abort.abort("timeout")),
      app.onFrozen(() => abort.abort("interrupted")),
    ];
    const total = request.body.byteLength;
    const sent = (bytes: number): void =>
      app.deliver(() =>
        task.tell({
          progress: Math.floor((100 * bytes) / total),
          totalBytesSent: bytes,
          totalBytesExpectedToSend: total,
        }),
      );
    this.#options
      .send({ ...request, signal: abort.signal, sent })
      .then(
        (response) => answer({ result: read(response) }),
        (error: unknown) => answer({ failure: abort.signal.aborted ? String(abort.signal.reason) : String(error) }),
      )
      .finally(() => {
        this.#count -= 1;
        for (const stop of stops) stop();
      });
    return task;
  }

  #refusalOf(name: string, { url, method }: Job<object>["request"], options: TaskOptions): string | undefined {
    if (!this.#options.app.hasNetwork) return "interrupted";
    if (!/^https?:\/\//i.test(url)) return "url not in domain list";
    if (!METHODS.has(method)) return `method ${method} is not supported`;
    if (!this.#options.isOnline()) return "network is down";
    if (name === "uploadFile" && "filePath" in options && !this.#options.files.has(String(options.filePath)))
      return "file not found";
    return this.#count >= MAX_TASKS ? "exceed max task count" : undefined;
  }
}

function encodeRequest(options: FakeWxRequestOptions): Pick<FakeWxHttpRequest, "url" | "headers" | "body"> {
  const { url, data, method = "GET" } = options;
  const headers = { "content-type": "application/json", ...lowerCase(options.header) };
  const isObject = typeof data === "object" && data !== null && !isBuffer(data);
  if (isObject && method.toUpperCase() === "GET") {
    const query = formOf(data);
    const separator = url.includes("?") ? "&" : "?";
    return { url: query === "" ? url : `${url}${separator}${query}`, headers, body: new Uint8Array() };
  }
  if (isBuffer(data)) return { url, headers, body: new Uint8Array(data).slice() };
  const isForm = headers["content-type"].startsWith("application/x-www-form-urlencoded");
  const text = isObject ? (isForm ? formOf(data) : JSON.stringify(data)) : typeof data === "string" ? data : "";
  return { url, headers, body: new TextEncoder().encode(text) };
}

function encodeForm(options: FakeWxUploadOptions, boundary: string, file: Uint8Array | undefined): Uint8Array {
  const fields = Object.entries(options.formData ?? {}).map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${typeof value === "string" ? value : JSON.stringify(value)}\r\n`,
  );
  const fileName = options.filePath.split("/").at(-1) ?? "";
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${options.name}"; filename="${fileName}"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([
    Buffer.from(fields.join("") + head),
    file ?? new Uint8Array(),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
}

function decodeBody(body: Uint8Array, responseType: string, dataType: string): unknown {
  if (responseType === "arraybuffer") return body.slice().buffer;
  const text = textOf(body);
  if (dataType !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    // Only a SyntaxError can come here; WeChat gives the text then.
    return text;
  }
}

function formOf(data: object): string {
  const entries = Object.entries(data).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams(entries).toString();
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function isBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

function lowerCase(header: Readonly<Record<string, string>> = {}): Record<string, string> {
  const entries = Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(entries.filter(([name]) => name !== "referer"));
}
