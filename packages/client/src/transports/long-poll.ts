/**
 * Phoenix long poll: one GET is always parked at the server and brings frames; POSTs
 * carry frames the other way, one POST at a time so that order holds. Every answer
 * is HTTP 200 with its real status in a JSON body. The first GET has no session and
 * is answered by 410 with the token of a new one; a later 410 means that the session
 * is gone.
 */
import type { Frame } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import { isRecord } from "../is-record.ts";
import { toBase64 } from "./base64.ts";
import type { Endpoint } from "./endpoint.ts";
import { assertHeaderText } from "./header-text.ts";
import type { Transport, TransportClose, TransportFactory, TransportHandlers, TransportRequest } from "./transport.ts";

/** The part of `fetch` that the transport uses. */
export type FetchLike = (url: string, request: FetchRequest) => Promise<{ json(): Promise<unknown> }>;

/** A request as the transport makes it. */
export interface FetchRequest {
  /** HTTP method. */
  readonly method: "GET" | "POST";
  /** Header names and values. */
  readonly headers: Record<string, string>;
  /** Text of a POST. */
  readonly body?: string;
  /** Polls of a session share an address, and no answer may come twice. */
  readonly cache: "no-store";
  readonly signal: AbortSignal;
}

/** What long polling needs of its surroundings. */
export interface LongPollOptions {
  readonly endpoint: Endpoint;
  readonly fetch: FetchLike;
  readonly clock: Clock;
}

/** The server reads no more lines of one POST. */
const MAX_LINES = 100;
/** Twice the server's window of 10 seconds, in milliseconds. */
const REQUEST_TIMEOUT_MS = 20_000;
const SESSION_GONE: TransportClose = { code: 3410, reason: "session gone" };
const BROKEN: TransportClose = { code: 1006, reason: "long poll failed" };

interface Answer {
  readonly status: unknown;
  readonly token: unknown;
  readonly messages: readonly unknown[];
  /** Why a session ended; Phoenix does not say. */
  readonly close: TransportClose;
}

function parseAnswer(body: unknown): Answer {
  const { status, token, messages, code, reason } = isRecord(body) ? body : {};
  const close = typeof code === "number" ? { code, reason: typeof reason === "string" ? reason : "" } : SESSION_GONE;
  return { status, token, messages: Array.isArray(messages) ? messages : [], close };
}

class LongPollTransport implements Transport {
  // A poll that stays unanswered shows it.
  readonly needsHeartbeat = false;
  readonly #options: LongPollOptions;
  readonly #url: string;
  readonly #authToken: string | undefined;
  readonly #handlers: TransportHandlers;
  readonly #abort = new AbortController();
  #sessionToken: string | undefined;
  #lines: string[] = [];
  #isPosting = false;

  constructor(options: LongPollOptions, request: TransportRequest, handlers: TransportHandlers) {
    this.#options = options;
    this.#url = options.endpoint.url("http", "longpoll", request.params);
    this.#authToken = request.token;
    this.#handlers = handlers;
    options.clock.soon(() => void this.#poll());
  }

  send(frame: Frame): void {
    this.#lines.push(typeof frame === "string" ? frame : toBase64(frame));
    if (this.#isPosting) return;
    this.#isPosting = true;
    // Frames of one tick share a POST.
    this.#options.clock.soon(() => void this.#post());
  }

  close(code: number, reason: string): void {
    this.#options.clock.soon(() => this.#end({ code, reason }));
  }

  #end(close: TransportClose): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    this.#handlers.closed(close);
  }

  async #poll(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const answer = await this.#request({ method: "GET" });
      if (this.#abort.signal.aborted) return;
      if (!this.#take(answer)) return;
    }
  }

  /** Returns whether to poll again. */
  #take({ status, token, messages, close }: Answer): boolean {
    if (status === 410 && this.#sessionToken === undefined && typeof token === "string") {
      this.#sessionToken = token;
      this.#handlers.opened();
      return true;
    }
    if ((status === 200 || status === 204) && this.#sessionToken !== undefined) {
      // A handler may close this transport between two messages.
      for (const frame of messages)
        if (typeof frame === "string" && !this.#abort.signal.aborted) this.#handlers.received(frame);
      return true;
    }
    this.#end(
      status === 410 && this.#sessionToken !== undefined
        ? close
        : status === 403
          ? { code: 1006, reason: "forbidden" }
          : BROKEN,
    );
    return false;
  }

  async #post(): Promise<void> {
    while (this.#lines.length > 0 && !this.#abort.signal.aborted) {
      const body = this.#lines.splice(0, MAX_LINES).join("\n");
      const { status } = await this.#request({ method: "POST", body });
      if (status !== 200) return this.#end(status === 410 ? SESSION_GONE : BROKEN);
    }
    this.#isPosting = false;
  }

  /** Never rejects: a request without a usable answer gives an answer without a status. */
  async #request(request: { readonly method: "GET" | "POST"; readonly body?: string }): Promise<Answer> {
    const headers: Record<string, string> = {};
    // The server takes exactly this type, without a charset, for a list of lines.
    if (request.body !== undefined) headers["Content-Type"] = "application/x-ndjson";
    if (this.#sessionToken !== undefined) headers["X-Phoenix-LongPoll-Token"] = this.#sessionToken;
    if (this.#authToken !== undefined && request.method === "GET") headers["X-Phoenix-AuthToken"] = this.#authToken;
    const stopTimer = this.#options.clock.after(REQUEST_TIMEOUT_MS, () => this.#end(BROKEN));
    try {
      const response = await this.#options.fetch(this.#url, {
        ...request,
        headers,
        cache: "no-store",
        signal: this.#abort.signal,
      });
      return parseAnswer(await response.json());
    } catch {
      // A network failure, an abort, or a body that is not JSON: all end the link.
      return parseAnswer(undefined);
    } finally {
      stopTimer();
    }
  }
}

/** Makes transports over long polling. Opening throws a `TypeError` when the token does not fit into a header. */
export function longPollTransport(options: LongPollOptions): TransportFactory {
  return {
    name: "longpoll",
    open(request, handlers) {
      assertHeaderText(request.token);
      return new LongPollTransport(options, request, handlers);
    },
  };
}
