import type { Clock } from "../clock.ts";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { randomBytes } from "node:crypto";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { type HostMap, targetOf } from "./address-guard.ts";
import type { ApiArguments, ApiTable } from "./api-table.ts";
import { HostFailure } from "./host-failure.ts";
import type { TemporaryFiles } from "./temporary-files.ts";

/** What transfers need of their session. */
export interface TransferOptions {
  readonly map: HostMap;
  readonly files: TemporaryFiles;
  /** Value of the `Referer` header, which an application cannot set. */
  readonly referer: string;
  /** Reports a change to the logic layer. */
  readonly report: (change: object) => void;
  /** Tells the panel of the phone about a finished transfer. */
  readonly log: (entry: NetworkEntry) => void;
  readonly clock: Clock;
}

/** A line of the network panel. */
export interface NetworkEntry {
  /** API that started it. */
  readonly kind: string;
  /** HTTP method, empty for sockets. */
  readonly method: string;
  /** Address as the project wrote it. */
  readonly url: string;
  /** Status code, state or reason. */
  readonly status: string;
  /** Whether it did not do what it was started for. */
  readonly isFailure: boolean;
  /** In milliseconds. */
  readonly durationMs: number;
}

/** Largest answer that is taken, in bytes. */
export const MAX_RESPONSE_BYTES = 32 * 1_048_576;
const MAX_REDIRECTS = 5;
/** Headers that the host sets itself. */
const RESERVED = ["host", "content-length", "connection", "transfer-encoding", "upgrade", "expect", "referer"];
const CREDENTIALS = ["authorization", "cookie"];

interface Outgoing {
  readonly url: string;
  readonly method: string;
  readonly header: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly isChunked: boolean;
}

interface Received {
  readonly statusCode: number;
  readonly header: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly bytes: Buffer;
}

/** `request`, `uploadFile` and `downloadFile` of one session, over the network of the host. */
export class HttpTransfers {
  readonly #options: TransferOptions;
  readonly #running = new Map<number, AbortController>();

  /** Starts without a transfer. */
  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /** The calls of the logic layer. */
  get api(): ApiTable {
    return {
      createTransfer: (args) => this.#start(args),
      abortTransfer: ({ taskId }) => this.#running.get(numberOf(taskId))?.abort(new HostFailure("abort")),
    };
  }

  /** Ends all transfers; the application reads the reason. */
  interrupt(reason: string): void {
    for (const controller of this.#running.values()) controller.abort(new HostFailure(reason));
  }

  #start(args: ApiArguments): void {
    const taskId = numberOf(args["taskId"]);
    const kind = textOf(args["kind"]);
    const outgoing = this.#outgoing(kind, args);
    const { method, url } = outgoing;
    try {
      // Refused before the answer to the call: a wrong address is no report.
      targetOf(url, this.#options.map, ["http:", "https:"]);
    } catch (error) {
      this.#options.log({ kind, method, url, status: reasonOf(error), isFailure: true, durationMs: 0 });
      throw error;
    }
    const controller = new AbortController();
    this.#running.set(taskId, controller);
    const startedMs = this.#options.clock.now();
    const timeoutMs = numberOf(args["timeoutMs"], 60_000);
    const cancelTimeout = this.#options.clock.after(timeoutMs, () => controller.abort(new HostFailure("timeout")));
    void this.#run(kind, outgoing, { taskId, signal: controller.signal })
      .then(
        (result) => ({
          state: "success",
          result: { ...result, errMsg: `${kind}:ok` },
          status: String(result.statusCode),
          isFailure: result.statusCode >= 400,
        }),
        (error: unknown) => ({
          state: "fail",
          result: { errMsg: `${kind}:fail ${reasonOf(error, controller.signal)}` },
          status: reasonOf(error, controller.signal),
          isFailure: true,
        }),
      )
      .then(({ state, result, status, isFailure }) => {
        cancelTimeout();
        this.#running.delete(taskId);
        this.#options.report({ taskId, state, result });
        const durationMs = this.#options.clock.now() - startedMs;
        this.#options.log({ kind, method, url, status, isFailure, durationMs });
      });
  }

  #outgoing(kind: string, args: ApiArguments): Outgoing {
    const header = { ...headersOf(args["header"]), referer: this.#options.referer };
    const common = { url: textOf(args["url"]), isChunked: args["isChunked"] === true };
    if (kind === "uploadFile") return { ...common, method: "POST", ...this.#multipart(args, header) };
    if (kind === "downloadFile") return { ...common, method: "GET", header, body: undefined };
    return { ...common, method: textOf(args["method"], "GET"), header, body: bytesOf(args["body"]) };
  }

  #multipart(args: ApiArguments, header: Readonly<Record<string, string>>) {
    const path = textOf(args["filePath"]);
    const file = this.#options.files.get(path);
    if (file === undefined) throw new HostFailure(`file not found ${path}`);
    const boundary = `----hutong${randomBytes(12).toString("hex")}`;
    const fields = isRecord(args["formData"]) ? Object.entries(args["formData"]) : [];
    const parts = fields.map(([name, value]) =>
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${String(value)}\r\n`,
      ),
    );
    const name = quoted(path.slice(path.lastIndexOf("/") + 1));
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(textOf(args["name"], "file"))}"; filename="${name}"\r\nContent-Type: ${file.type}\r\n\r\n`;
    const body = Buffer.concat([...parts, Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
    return {
      header: { ...without(header, ["content-type"]), "content-type": `multipart/form-data; boundary=${boundary}` },
      body,
    };
  }

  async #run(kind: string, outgoing: Outgoing, task: Task) {
    const { report } = this.#options;
    const received = await this.#exchange(outgoing, task, 0);
    const { statusCode, header, cookies, bytes } = received;
    report({ taskId: task.taskId, state: "progress", value: progressOf(bytes.length) });
    if (kind === "downloadFile") {
      const type = header["content-type"] ?? "application/octet-stream";
      return { statusCode, header, cookies, tempFilePath: this.#options.files.add({ bytes, type }) };
    }
    const text = bytes.toString("utf8");
    if (kind === "uploadFile") return { statusCode, header, cookies, data: text };
    return { statusCode, header, cookies, text, data: { base64: bytes.toString("base64") } };
  }

  async #exchange(outgoing: Outgoing, task: Task, redirects: number): Promise<Received> {
    const { url, lookup } = targetOf(outgoing.url, this.#options.map, ["http:", "https:"]);
    const response = await send({ ...outgoing, url: url.href }, lookup, task.signal);
    const location = response.headers.location;
    const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0) && location !== undefined;
    if (isRedirect && redirects < MAX_REDIRECTS) {
      response.resume();
      const isSame = response.statusCode === 307 || response.statusCode === 308;
      const target = new URL(location, outgoing.url);
      const next = {
        ...outgoing,
        url: target.href,
        // What proves who somebody is to one server is not for another.
        ...(target.origin !== new URL(outgoing.url).origin && { header: without(outgoing.header, CREDENTIALS) }),
        ...(!isSame && { method: outgoing.method === "HEAD" ? "HEAD" : "GET", body: undefined }),
      };
      return this.#exchange(next, task, redirects + 1);
    }
    return this.#read(response, outgoing.isChunked, task);
  }

  async #read(response: IncomingMessage, isChunked: boolean, { taskId }: Task): Promise<Received> {
    const { report } = this.#options;
    const statusCode = response.statusCode ?? 0;
    const header = flatHeaders(response);
    const cookies = response.headers["set-cookie"] ?? [];
    report({ taskId, state: "headers", value: { header, statusCode, cookies } });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response) {
      const bytes = Buffer.from(chunk as Uint8Array);
      length += bytes.length;
      if (length > MAX_RESPONSE_BYTES) throw new HostFailure("response is too large");
      chunks.push(bytes);
      if (isChunked) report({ taskId, state: "chunk", value: { data: { base64: bytes.toString("base64") } } });
    }
    return { statusCode, header, cookies, bytes: Buffer.concat(chunks) };
  }
}

interface Task {
  readonly taskId: number;
  readonly signal: AbortSignal;
}

function send(
  outgoing: Outgoing,
  lookup: ReturnType<typeof targetOf>["lookup"],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url, method, header, body } = outgoing;
  const start = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(body.length) };
    const request = start(url, {
      method,
      headers: { ...header, ...length },
      signal,
      // A connection of its own: one that is kept for the same name may have been opened without the guard.
      ...(lookup !== undefined && { lookup, agent: false }),
    });
    request.on("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
}

function reasonOf(error: unknown, signal?: AbortSignal): string {
  const cause: unknown = signal?.aborted === true ? signal.reason : error;
  return cause instanceof Error ? cause.message : "interrupted";
}

function headersOf(header: unknown): Readonly<Record<string, string>> {
  if (!isRecord(header)) return {};
  const entries = Object.entries(header).map(([name, value]) => [name, String(value).replace(/[\r\n]/g, "")]);
  return without(Object.fromEntries(entries), RESERVED);
}

function without(header: Readonly<Record<string, string>>, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(header).filter(([name]) => !names.includes(name.toLowerCase())));
}

/** Header names keep the spelling of the server. */
function flatHeaders(response: IncomingMessage): Readonly<Record<string, string>> {
  const header = new Map<string, string>();
  for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
    const name = response.rawHeaders[index] ?? "";
    const value = response.rawHeaders[index + 1] ?? "";
    const known = header.get(name);
    header.set(name, known === undefined ? value : `${known},${value}`);
    if (name.toLowerCase() === "content-type") header.set("content-type", value);
  }
  return Object.fromEntries(header);
}

function bytesOf(body: unknown): Buffer | undefined {
  if (typeof body === "string") return Buffer.from(body);
  return isRecord(body) && typeof body["base64"] === "string" ? Buffer.from(body["base64"], "base64") : undefined;
}

function progressOf(bytes: number): object {
  return {
    progress: 100,
    totalBytesSent: bytes,
    totalBytesExpectedToSend: bytes,
    totalBytesWritten: bytes,
    totalBytesExpectedToWrite: bytes,
  };
}

function quoted(text: string): string {
  return text.replaceAll('"', "%22").replace(/[\r\n]/g, " ");
}
