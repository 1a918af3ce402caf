import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { type Database, migrate, openDatabase } from "@hutong/database";
import { type ChannelDefinition, createServer, type Server, type Telemetry } from "@hutong/server";
import { type Clock, systemClock } from "@hutong/server/plugin";
import {
  actionCableAt,
  type AddressOf,
  createAddressOf,
  type Listener,
  listen,
  type OriginPolicy,
  phoenixAt,
} from "@hutong/server/node";
import type { Hono } from "hono";
import type { ChatAssigns } from "./channels/chat-assigns.ts";
import { conversationChannel } from "./channels/conversation-channel.ts";
import { inboxChannel } from "./channels/inbox-channel.ts";
import { roomChannel } from "./channels/room-channel.ts";
import { type Config, StartError } from "./config.ts";
import { type OpenedFileStore, openFileStore } from "./files/open-file-store.ts";
import { apiRoutes } from "./http/api-routes.ts";
import { createHttp } from "./http/pages.ts";
import type { Phone } from "./phone/phone.ts";
import { Opened } from "./opened.ts";
import { Operations } from "./operations/operations.ts";
import { loadSecret } from "./secret.ts";
import { createServices, type Services } from "./services.ts";
import { MIGRATIONS } from "./storage/migrations.ts";
import type { Tables } from "./storage/tables.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** Options of {@link startChat}. */
export interface ChatOptions {
  /** Receives what the channel server reports. */
  readonly telemetry?: Telemetry;
  /** Hears of what failed inside: a place, and what was thrown. @defaultValue nobody */
  readonly failed?: (place: string, error: unknown) => void;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

/**
 * A running chat. Its drain says "not ready" first, and goes on listening for the time that the config gives load balancers; a
 * close in the meantime ends it at once.
 */
export interface Chat extends Listener {
  readonly server: Server;
}

/** Within it the largest file comes over a slow line. */
const UPLOAD_TIMEOUT_MS = 15 * 60_000;
const VERSION = "0.1.0";
const PHONE_PROJECT = fileURLToPath(new URL("../../miniprogram", import.meta.url));

/**
 * Starts the chat, on a database that it brings to the newest schema.
 *
 * @throws {StartError} when the port is taken, the data folder cannot be used or the page is missing.
 * @throws {DatabaseError} when the database cannot be used, or is newer than this program.
 */
export async function startChat(config: Config, options: ChatOptions = {}): Promise<Chat> {
  const secret = await loadSecret(config.dataFolder);
  const fileStore = await openFileStore(config.filesUrl, config.dataFolder).catch((cause: unknown) => {
    throw new StartError(
      "HUTONG_FILES_URL cannot be used; write s3://<key id>:<secret>@<host>/<bucket>?region=<region>.",
      { cause },
    );
  });
  const opened = new Opened();
  try {
    const database = opened.add(await openDatabase<Tables>(config.databaseUrl));
    await migrate(database, MIGRATIONS);
    return await serve(config, options, { secret, database, fileStore, opened });
  } catch (error) {
    await opened.close().catch((cause: unknown) => options.failed?.("start", cause));
    throw error;
  }
}

interface ChannelParts {
  readonly services: Services;
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly failed: (place: string, error: unknown) => void;
}

interface Ground {
  readonly fileStore: OpenedFileStore;
  readonly secret: Uint8Array;
  readonly database: Database<Tables>;
  readonly opened: Opened;
}

async function serve(config: Config, options: ChatOptions, ground: Ground): Promise<Chat> {
  const { clock = systemClock, failed = () => {} } = options;
  const { pageFolder, drainDelayMs, trustedProxies } = config;
  const { opened } = ground;
  const operations = opened.add(new Operations({ admin: config.admin, pageFolder, clock }));
  const phone = config.hasPhone ? opened.add(await loadPhone(clock)) : undefined;
  // Services push through the server, and the server's channels ask the services: each is called after both are there.
  const services: Services = opened.add(
    createServices({
      ...{ config, clock, failed, ...ground, codeToSession: phone?.codeToSession },
      server: {
        broadcast: (...push) => server.broadcast(...push),
        revoke: (sessionId) => server.revoke(sessionId),
      },
    }),
  );
  const roomTokens = createTokens(ground.secret, clock);
  const server = createServer({
    channels: chatChannels({ services, database: ground.database, clock, failed }),
    connect: ({ token, remoteAddress }) => admit(services, roomTokens, { token, remoteAddress }),
    clock,
    telemetry: (event) => {
      operations.telemetry(event);
      options.telemetry?.(event);
    },
  });
  const doors: Doors = {
    origins: config.origins.length === 0 ? "same_host" : config.origins,
    addressOf: createAddressOf(trustedProxies),
  };
  const routes = chatRoutes(operations.routesFor(server), { services, doors, clock, failed });
  const http = await createHttp(pageFolder, { routes, failed });
  const listener = await listenAt(config, server, { doors, http, phone, wafer: services.wafer });
  opened.add({ close: () => listener.close() });
  services.start();
  await phone?.open(listener.url);
  const drain = async (): Promise<void> => {
    operations.leave();
    if (drainDelayMs > 0) await new Promise<void>((resolve) => clock.after(drainDelayMs, resolve));
    try {
      await listener.drain();
    } finally {
      await opened.close();
    }
  };
  let draining: Promise<void> | undefined;
  return {
    ...listener,
    server,
    drain: () => (draining ??= drain()),
    close: () => opened.close(),
    [Symbol.asyncDispose]: () => opened.close(),
  };
}

interface ListenParts {
  readonly doors: Doors;
  readonly http: Hono;
  readonly phone: Phone | undefined;
  readonly wafer: Services["wafer"];
}

/** @throws {StartError} when the address cannot be listened on. */
async function listenAt(
  { host, port, trustedProxies }: Config,
  server: Server,
  { doors: { origins }, http, phone, wafer }: ListenParts,
): Promise<Listener> {
  const answer = getRequestListener(http.fetch);
  const options = { origins, trustedProxies };
  try {
    return await listen(server, {
      host,
      port,
      // Files have limits of their own, and so have the bodies of all other calls.
      requestTimeoutMs: UPLOAD_TIMEOUT_MS,
      mounts: [phoenixAt("/socket", options), actionCableAt("/cable", options), ...(wafer?.mounts(options) ?? [])],
      fallback: (request, response) => {
        if (phone?.handleRequest(request, response) === true) return;
        void answer(request, response);
      },
      upgradeFallback: (request, socket, head) => phone?.handleUpgrade(request, socket, head) ?? false,
    });
  } catch (cause) {
    throw toStartError(cause, host, port);
  }
}

/** Which pages may come in, and how an address is found out. */
interface Doors {
  readonly origins: OriginPolicy;
  readonly addressOf: AddressOf;
}

/** Everything that answers requests, but the pages. */
function chatRoutes(
  routes: Hono,
  { services, doors, clock, failed }: Omit<ChannelParts, "database"> & { readonly doors: Doors },
): Hono {
  routes.route("/", apiRoutes({ services, ...doors, clock, version: VERSION, failed }));
  if (services.wafer !== undefined) routes.route("/", services.wafer.routes(doors));
  if (services.wechatRoutes !== undefined) routes.route("/", services.wechatRoutes);
  return routes;
}

/** The runner and its compilers are for development; production does not load them. */
async function loadPhone(clock: Clock): Promise<Phone> {
  const { Phone: LoadedPhone } = await import("./phone/phone.ts");
  return new LoadedPhone({ project: PHONE_PROJECT, clock });
}

function chatChannels({ services, database, clock, failed }: ChannelParts): readonly ChannelDefinition[] {
  const { perform, accounts, roomTalk: talk, wafer } = services;
  const roomsFailed = (error: unknown): void => failed("rooms", error);
  return [
    inboxChannel({ ...accounts, perform, failed }),
    conversationChannel(database),
    roomChannel(() => clock.now(), talk && { talk, failed: roomsFailed }),
    // They are the lobby under other names, so the channel of rooms decides what is kept of it.
    ...(wafer?.channels ?? []),
  ];
}

/**
 * A client whose token is no good is let in and hears the reason when it joins: a refused handshake shows browsers
 * nothing, and they would ask again for ever. A session's connection bears its id, so that it ends with the session.
 */
async function admit(
  { accounts }: Services,
  tokens: Tokens,
  { token, remoteAddress }: { readonly token: string | undefined; readonly remoteAddress: string },
): Promise<{ readonly assigns: ChatAssigns; readonly tokenId?: string; readonly id?: string }> {
  const caller = await accounts.authenticate(token);
  if (typeof caller === "object")
    return {
      assigns: { token: undefined, caller, remoteAddress },
      tokenId: caller.sessionId,
      id: `users:${caller.userId}`,
    };
  const check = token === undefined ? undefined : await tokens.check(token);
  return { assigns: { token: check, caller: undefined, remoteAddress } };
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
