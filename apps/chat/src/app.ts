import { getRequestListener } from "@hono/node-server";
import { createServer, type Server, type Telemetry } from "@hutong/server";
import { type Clock, systemClock } from "@hutong/server/plugin";
import { actionCableAt, type Listener, listen, type OriginPolicy, phoenixAt } from "@hutong/server/node";
import { type ChatAssigns, roomChannel } from "./channels/room-channel.ts";
import { type Config, StartError } from "./config.ts";
import { createHttp } from "./http.ts";
import { Operations } from "./operations/operations.ts";
import { loadSecret } from "./secret.ts";
import { createTokens } from "./tokens.ts";

/** Options of {@link startChat}. */
export interface ChatOptions {
  /** Receives what the channel server reports. */
  readonly telemetry?: Telemetry;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

/** A running chat. Its drain says "not ready" first, and goes on listening for the time that the config gives load balancers. */
export interface Chat extends Listener {
  readonly server: Server;
}

/**
 * Starts the chat.
 *
 * @throws {StartError} when the port is taken, the data folder cannot be used or the page is missing.
 */
export async function startChat(config: Config, options: ChatOptions = {}): Promise<Chat> {
  const { telemetry, clock = systemClock } = options;
  const { host, port, pageFolder, drainDelayMs } = config;
  const tokens = createTokens(await loadSecret(config.dataFolder));
  const operations = new Operations({ admin: config.admin, pageFolder, clock });
  const server = createServer({
    channels: [roomChannel(() => clock.now())],
    // A client whose token is no good is let in and hears the reason when it joins:
    // a refused handshake shows browsers nothing, and they would ask again for ever.
    connect: async ({ token }): Promise<{ assigns: ChatAssigns }> => ({
      assigns: { token: token === undefined ? undefined : await tokens.check(token) },
    }),
    clock,
    telemetry: (event) => {
      operations.telemetry(event);
      telemetry?.(event);
    },
  });
  const origins: OriginPolicy = config.origins.length === 0 ? "same_host" : config.origins;
  try {
    const http = await createHttp(pageFolder, operations.routesFor(server));
    const answer = getRequestListener(http.fetch);
    const listener = await listen(server, {
      host,
      port,
      mounts: [phoenixAt("/socket", { origins }), actionCableAt("/cable", { origins })],
      fallback: (request, response) => void answer(request, response),
    });
    const end = (how: () => Promise<void>): Promise<void> => how().finally(() => operations.close());
    return {
      ...listener,
      server,
      drain: async () => {
        operations.leave();
        if (drainDelayMs > 0) await new Promise<void>((resolve) => clock.after(drainDelayMs, resolve));
        await end(() => listener.drain());
      },
      close: () => end(() => listener.close()),
      [Symbol.asyncDispose]: () => end(() => listener.close()),
    };
  } catch (cause) {
    operations.close();
    throw toStartError(cause, host, port);
  }
}

function toStartError(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EADDRINUSE")
    return new StartError(`Port ${port} on ${host} is taken; stop the other program, or set PORT to another port.`, {
      cause,
    });
  if (code === "EACCES")
    return new StartError(`Port ${port} on ${host} may not be used by this account; set PORT to one above 1023.`, {
      cause,
    });
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new StartError(`HOST "${host}" is no address of this machine; set HOST to one, for example 127.0.0.1.`, {
      cause,
    });
  return cause;
}
