import type { Clock } from "../clock.ts";
import type { SocketOptions } from "../options.ts";
import type { Endpoint } from "./endpoint.ts";
import { longPollTransport } from "./long-poll.ts";
import type { TransportFactory } from "./transport.ts";
import { webSocketTransport } from "./web-socket.ts";

/**
 * Makes the transports that the options name and the runtime has, in their order.
 *
 * @throws {TypeError} when none remains.
 */
export function globalTransports(
  endpoint: Endpoint,
  options: Pick<SocketOptions, "fetch" | "transports" | "webSocket"> & { readonly clock: Clock },
): readonly TransportFactory[] {
  const { clock, webSocket = globalThis.WebSocket } = options;
  // A browser's fetch must be called as a function of the window, not as a method of the options.
  const fetch = options.fetch ?? globalThis.fetch?.bind(globalThis);
  const transports = (options.transports ?? (["websocket", "longpoll"] as const)).flatMap((transport) => {
    if (transport === "websocket") return webSocket === undefined ? [] : [webSocketTransport(endpoint, webSocket)];
    if (transport === "longpoll") return fetch === undefined ? [] : [longPollTransport({ endpoint, fetch, clock })];
    return [transport];
  });
  if (transports.length === 0)
    throw new TypeError("no transport can work here; pass options.webSocket or options.fetch");
  return transports;
}
