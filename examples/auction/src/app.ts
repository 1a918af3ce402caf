import { getRequestListener } from "@hono/node-server";
import { type Database, migrate, openDatabase } from "@hutong/database";
import { type ConnectHandler, createServer, refuse, type Server } from "@hutong/server";
import { type Listener, listen } from "@hutong/server/node";
import { type Clock, systemClock } from "@hutong/server/plugin";
import {
  announceEnd,
  type AuctionAssigns,
  auctionChannel,
  type AuctionChannelParts,
  topicOf,
} from "./auction-channel.ts";
import { AuctionHouse, type AuctionPlan } from "./auction-house.ts";
import { BidRate } from "./bid-rate.ts";
import { Closer } from "./closer.ts";
import type { Config } from "./config.ts";
import { createHttp } from "./http.ts";
import { loadPage } from "./page-files.ts";
import { PriceBoard } from "./price-board.ts";
import { MIGRATIONS, type Tables } from "./tables.ts";
import { openTokens, type Tokens } from "./tokens.ts";

/** Options of {@link startAuction}. */
export interface AuctionOptions {
  /** @defaultValue the machine's */
  readonly clock?: Clock;
  /** Hears of what failed inside. @defaultValue nobody */
  readonly failed?: (error: unknown) => void;
}

/** The running program. */
export interface AuctionProgram extends Listener {
  readonly house: AuctionHouse;
  readonly tokens: Tokens;
  /** Opens an auction that this process will end in time, and gives its id. */
  open(sellerId: string, plan: AuctionPlan): Promise<number>;
}

/** Starts the program on a database that it brings to the newest schema; auctions that ended meanwhile are closed first. */
export async function startAuction(config: Config, options: AuctionOptions = {}): Promise<AuctionProgram> {
  const tokens = await openTokens(config.dataFolder);
  const database = await openDatabase<Tables>(config.databaseUrl);
  try {
    await migrate(database, MIGRATIONS);
    return await serve(config, options, { database, tokens });
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Ground {
  readonly database: Database<Tables>;
  readonly tokens: Tokens;
}

async function serve(
  { host, port }: Config,
  { clock = systemClock, failed = () => {} }: AuctionOptions,
  { database, tokens }: Ground,
): Promise<AuctionProgram> {
  const house = new AuctionHouse(database);
  // The parts speak through the server, and the server's channel is made of the parts: each is called after both are there.
  const broadcast: Server["broadcast"] = (...told) => server.broadcast(...told);
  const board = new PriceBoard(clock, (auctionId, change) => {
    const viewers = board.viewerCount(auctionId);
    broadcast(topicOf(auctionId), "price", { ...change, viewers, serverNow: clock.now() });
  });
  const parts: AuctionChannelParts = { house, board, rate: new BidRate(), clock, broadcast };
  const server: Server = createServer({
    channels: [auctionChannel(parts)],
    connect: admit(house, tokens),
    clock,
    telemetry: (event) => {
      if (event.kind === "handler_failed" || event.kind === "join_failed") failed(event.cause);
    },
  });
  const closer = new Closer({ house, clock, ended: (auction) => announceEnd(parts, auction), failed });
  const page = await loadPage();
  const open = async (sellerId: string, plan: AuctionPlan): Promise<number> => {
    const id = await house.open(sellerId, plan);
    await closer.look();
    return id;
  };
  const http = createHttp({ house, tokens, page, open, now: () => clock.now() });
  const answer = getRequestListener(http.fetch);
  const listener = await listen(server, {
    host,
    port,
    fallback: (request, response) => void answer(request, response),
  });
  await closer.look();
  const end = async (how: () => Promise<void>): Promise<void> => {
    await closer.close();
    // When the server is gone nobody bids any more, and only then nobody needs the database.
    await how();
    board.close();
    await database.close();
  };
  return {
    ...listener,
    house,
    tokens,
    open,
    drain: () => end(() => listener.drain()),
    close: () => end(() => listener.close()),
    [Symbol.asyncDispose]: () => end(() => listener.close()),
  };
}

/** Spectators need no token. A token that is no good is refused, so that nobody watches who believes to bid. */
function admit(house: AuctionHouse, tokens: Tokens): ConnectHandler<AuctionAssigns> {
  return async ({ token, remoteAddress: address, header }) => {
    const device = (header("user-agent") ?? "").slice(0, 200);
    if (token === undefined) return { assigns: { person: undefined, address, device } };
    const holder = await tokens.check(token);
    const person = holder && (await house.person(holder.personId));
    if (holder === undefined || person === undefined) return refuse("unauthorized");
    const { id, name } = person;
    return { assigns: { person: { id, name }, address, device }, id: `people:${id}`, expiresAtMs: holder.expiresAtMs };
  };
}
