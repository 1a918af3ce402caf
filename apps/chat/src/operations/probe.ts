import { randomBytes } from "node:crypto";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import type { Clock } from "@hutong/server/plugin";

/** How an address is asked. */
export interface Probe {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly clock: Clock;
  /** How long an answer may take, in milliseconds. */
  readonly limitMs: number;
  /** How long a silent connection is watched, in milliseconds. */
  readonly silenceMs: number;
  /** Certificates that are trusted in place of the machine's, as PEM. */
  readonly trusted?: string;
  /** Whether a certificate may be wrong. @defaultValue false */
  readonly isTolerant?: boolean;
}

/** Nobody answered: a code of the network or of TLS. */
export interface ProbeFailure {
  readonly kind: "failed";
  readonly code: string;
}

/** An HTTP answer. */
export interface ProbeAnswer {
  readonly kind: "answered";
  readonly status: number;
  readonly body: string;
}

/** A WebSocket's stream, which belongs to whoever asked. */
export interface ProbeUpgrade {
  readonly kind: "upgraded";
  readonly socket: Duplex;
  /** What has come already. */
  readonly head: Buffer;
}

/** What became of a silent connection. */
export type Silence =
  /** The server ended it with a good-bye, or nobody did. */
  | { readonly kind: "kept" }
  /** It ended without a word. */
  | { readonly kind: "cut"; readonly afterMs: number };

type Headers = Readonly<Record<string, string>>;

/** The first byte of a close frame (RFC 6455, section 5.2). */
const CLOSE_FRAME = 0x88;

/** Asks for a path. Never rejects. */
export async function askHttp(probe: Probe, path: string): Promise<ProbeAnswer | ProbeFailure> {
  const answer = await ask(probe, path, {});
  if (answer.kind !== "upgraded") return answer;
  answer.socket.destroy();
  return { kind: "failed", code: "unexpected upgrade" };
}

/** Asks for a WebSocket. Never rejects. */
export function askUpgrade(
  probe: Probe,
  path: string,
  headers: Headers = {},
): Promise<ProbeAnswer | ProbeUpgrade | ProbeFailure> {
  const key = randomBytes(16).toString("base64");
  const upgrade = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": key,
  };
  return ask(probe, path, { ...upgrade, ...headers });
}

/** Opens a WebSocket, says nothing, and waits for its end. Never rejects. */
export async function watchSilence(probe: Probe, path: string): Promise<Silence> {
  const answer = await askUpgrade(probe, path);
  if (answer.kind !== "upgraded") return { kind: "cut", afterMs: 0 };
  const { clock, silenceMs } = probe;
  const { socket, head } = answer;
  const openedAtMs = clock.now();
  return new Promise((resolve) => {
    let saysGoodbye = head[0] === CLOSE_FRAME;
    const settle = (silence: Silence): void => {
      cancel();
      socket.destroy();
      resolve(silence);
    };
    const cancel = clock.after(silenceMs, () => settle({ kind: "kept" }));
    socket.on("data", (bytes: Buffer) => (saysGoodbye ||= bytes[0] === CLOSE_FRAME));
    socket.on("error", () => {}); // `close` follows
    socket.on("end", () => socket.destroy());
    socket.on("close", () =>
      settle(saysGoodbye ? { kind: "kept" } : { kind: "cut", afterMs: clock.now() - openedAtMs }),
    );
  });
}

function ask(probe: Probe, path: string, headers: Headers): Promise<ProbeAnswer | ProbeUpgrade | ProbeFailure> {
  const { clock, limitMs } = probe;
  return new Promise((resolve) => {
    const request = open(probe, path, headers);
    const cancel = clock.after(limitMs, () =>
      request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
    );
    const settle = (outcome: ProbeAnswer | ProbeUpgrade | ProbeFailure): void => {
      cancel();
      resolve(outcome);
    };
    const failed = (error: Error): void => settle({ kind: "failed", code: codeOf(error) });
    request.on("error", failed);
    request.on("upgrade", (_response, socket, head) => settle({ kind: "upgraded", socket, head }));
    request.on("response", (response: IncomingMessage) => {
      text(response).then((body) => settle({ kind: "answered", status: response.statusCode ?? 0, body }), failed);
    });
    request.end();
  });
}

function open({ origin, trusted, isTolerant = false }: Probe, path: string, headers: Headers): ClientRequest {
  const url = new URL(path, origin);
  // Connections are not kept: each check is a client of its own.
  if (url.protocol === "http:") return httpRequest(url, { headers, agent: false });
  const trust = { rejectUnauthorized: !isTolerant, ...(trusted !== undefined && { ca: trusted }) };
  return httpsRequest(url, { headers, agent: false, ...trust });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
