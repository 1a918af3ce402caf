import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** An HTTP answer to an upgrade request that is not granted. */
export interface UpgradeRefusal {
  /** HTTP status. */
  readonly status: number;
  /** Plain text. */
  readonly body: string;
  /** When the client may try again; `undefined` leaves it to the status. */
  readonly retryAfterSeconds?: number;
}

/** Headers that tell a refused client what to do next (RFC 9110, section 10.2.3; RFC 6455, section 4.4). */
const HEADERS: ReadonlyMap<number, readonly string[]> = new Map([
  [400, ["Sec-WebSocket-Version: 13"]],
  [503, ["Retry-After: 5"]],
]);

/** Answers on the raw socket of an upgrade request, and closes it whether or not the client does. */
export function refuseUpgrade(socket: Duplex, { status, body, retryAfterSeconds }: UpgradeRefusal): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterSeconds === undefined ? (HEADERS.get(status) ?? []) : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/**
 * Keeps errors of an upgraded socket from ending the process: Node takes its own listener away on upgrade, and a
 * client may reset the connection at any time.
 */
export function ignoreErrors(socket: Duplex): void {
  socket.on("error", ignore);
}

function ignore(): void {}
