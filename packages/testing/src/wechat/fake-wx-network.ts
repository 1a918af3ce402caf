import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { buffer } from "node:stream/consumers";
import { WebSocket } from "ws";

/** What a fake phone asks its network for a WebSocket with. */
export interface FakeWxHandshake {
  /** Absolute, with `ws:` or `wss:`. */
  readonly url: string;
  /** Of the upgrade request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Subprotocols, best first. */
  readonly protocols: readonly string[];
}

/** Whom a link of a fake phone tells. None is called before `connect` has returned. */
export interface FakeWxLinkHandlers {
  /** The link is up; `headers` are those of the answer. */
  opened(headers: Readonly<Record<string, string>>): void;
  /** A message came. */
  received(data: string | ArrayBuffer): void;
  /** It could not be opened, or broke; `closed` follows. */
  failed(message: string): void;
  /** It is gone. Called once, and last. */
  closed(code: number, reason: string): void;
}

/** A link between a fake phone and a server. */
export interface FakeWxLink {
  /** Sends a message. */
  send(data: string | ArrayBuffer): void;
  /** Starts the closing handshake. */
  close(code: number, reason: string): void;
  /** Cuts it. */
  terminate(): void;
}

/** Opens links. */
export type FakeWxConnect = (handshake: FakeWxHandshake, handlers: FakeWxLinkHandlers) => FakeWxLink;

/** Opens links over real WebSockets. */
export const connectOverNetwork: FakeWxConnect = ({ url, headers, protocols }, handlers) => {
  const webSocket = new WebSocket(url, [...protocols], { headers, perMessageDeflate: false });
  webSocket.binaryType = "arraybuffer";
  let answer: Readonly<Record<string, string>> = {};
  webSocket.on("upgrade", (response) => (answer = textHeaders(response.headers)));
  webSocket.on("open", () => handlers.opened(answer));
  webSocket.addEventListener("message", ({ data }) => {
    if (typeof data === "string" || data instanceof ArrayBuffer) handlers.received(data);
  });
  webSocket.on("error", (error) => handlers.failed(error.message));
  webSocket.on("close", (code, reason) => handlers.closed(code, reason.toString("utf8")));
  return {
    send: (data) => webSocket.send(data),
    close: (code, reason) => webSocket.close(code, reason),
    terminate: () => webSocket.terminate(),
  };
};

/** An HTTP request of a fake phone. */
export interface FakeWxHttpRequest {
  /** Absolute. */
  readonly url: string;
  /** In capitals. */
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where there is none. */
  readonly body: Uint8Array;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears how many bytes of the body are sent. */
  readonly sent?: (bytes: number) => void;
}

/** An answer to a {@link FakeWxHttpRequest}. */
export interface FakeWxHttpResponse {
  /** HTTP status. */
  readonly status: number;
  /** Several of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where there is none. */
  readonly body: Uint8Array;
}

/** Sends requests; rejects when there is no answer. */
export type FakeWxSend = (request: FakeWxHttpRequest) => Promise<FakeWxHttpResponse>;

const CHUNK_BYTES = 64 * 1024;

/** Sends requests over real HTTP. */
export const sendOverNetwork: FakeWxSend = ({ url, method, headers, body, signal, sent }) =>
  new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const length = body.byteLength === 0 ? {} : { "content-length": String(body.byteLength) };
    const outgoing = send(url, { method, headers: { ...headers, ...length }, signal }, (response) => {
      buffer(response).then(
        (bytes) => resolve({ status: response.statusCode ?? 0, headers: textHeaders(response.headers), body: bytes }),
        reject,
      );
    });
    outgoing.on("error", reject);
    const write = (from: number): void => {
      if (from >= body.byteLength) return void outgoing.end();
      const to = Math.min(from + CHUNK_BYTES, body.byteLength);
      outgoing.write(body.subarray(from, to), (error) => {
        if (error !== null && error !== undefined) return;
        sent?.(to);
        write(to);
      });
    };
    write(0);
  });

function textHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
