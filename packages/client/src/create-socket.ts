import { globalPage } from "./link/page.ts";
import type { SocketOptions } from "./options.ts";
import { resolveSocketOptions } from "./resolve-options.ts";
import { Socket } from "./socket.ts";
import { parseEndpoint } from "./transports/endpoint.ts";
import { globalTransports } from "./transports/global-transports.ts";

/**
 * Makes a socket; `connect` starts it. The address is where the server mounts its
 * socket, as `/socket` or `https://example.com/socket`; the transports append their
 * own path.
 *
 * @throws {TypeError} when the address cannot be read, or no transport can work here.
 * @throws {RangeError} when a number in the options is out of its range.
 * @example
 * ```ts
 * const socket = createSocket("/socket", { token: () => fetchToken() });
 * socket.connect();
 * const lobby = socket.channel<typeof room>("room:lobby", { nickname: "panda" });
 * lobby.on("new_msg", (message) => show(message.body));
 * await lobby.join();
 * const { id } = await lobby.push("new_msg", { body: "hi" });
 * ```
 */
export function createSocket(url: string, options: SocketOptions = {}): Socket {
  const resolved = resolveSocketOptions(options);
  const transports = globalTransports(parseEndpoint(url), { ...options, clock: resolved.clock });
  return new Socket({ ...resolved, page: globalPage, transports });
}
