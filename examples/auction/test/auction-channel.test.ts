import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSocket } from "@hutong/client";
import { SQLITE_ENGINE } from "@hutong/database/testing";
import { eventually, overWebSocket, PhoenixClient, SkippingClock } from "@hutong/testing";
import * as rails from "@rails/actioncable";
import * as phoenix from "phoenix";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startAuction } from "../src/app.ts";
import type { AuctionContract } from "../page/auction-contract.ts";
import { planOf, type StartedAuction, startedAuction } from "./support/started-auction.ts";

const webSocketUrl = (started: StartedAuction, path: string): string => started.url.replace("http", "ws") + path;

/** A bidder, or a spectator without a token, with our client; the channel is joined and has its snapshot. */
async function enter(started: StartedAuction, auctionId: number, token?: string) {
  const socket = createSocket(`${started.url}/socket`, { webSocket: WebSocket, ...(token !== undefined && { token }) });
  const channel = socket.channel<AuctionContract>(`auction:${auctionId}`);
  const heard: { readonly event: string; readonly payload: object }[] = [];
  for (const event of ["snapshot", "price", "outbid", "ended"] as const)
    channel.on(event, (payload) => heard.push({ event, payload }));
  socket.connect();
  await channel.join();
  await eventually(() => heard.length > 0);
  const hears = (event: string) =>
    eventually(() => heard.find((entry) => entry.event === event)?.payload ?? Promise.reject(new Error(`no ${event}`)));
  const bid = (clientBidId: string, amount: number) => channel.push("bid", { clientBidId, amount });
  return { channel, heard, hears, bid, [Symbol.asyncDispose]: () => socket.close() };
}

/** A bidder with the client of Phoenix from npm. */
function enterWithPhoenix(started: StartedAuction, auctionId: number, token: string) {
  const socket = new phoenix.Socket(webSocketUrl(started, "/socket"), { transport: WebSocket, params: { token } });
  const channel = socket.channel(`auction:${auctionId}`);
  const prices: number[] = [];
  channel.on("price", (change: unknown) => void prices.push(Number(Reflect.get(Object(change), "price"))));
  socket.connect();
  channel.join();
  const bid = (clientBidId: string, amount: number): Promise<unknown> =>
    new Promise((resolve) => channel.push("bid", { clientBidId, amount }).receive("ok", resolve));
  return { prices, bid, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => socket.disconnect(resolve)) };
}

/** A bidder with the client of Rails from npm. */
function enterWithRails(started: StartedAuction, auctionId: number, token: string) {
  // The client watches the page's visibility, which Node does not have.
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("removeEventListener", () => {});
  Reflect.set(rails.adapters, "WebSocket", WebSocket);
  const consumer = rails.createConsumer(webSocketUrl(started, `/cable?token=${token}`));
  const received: unknown[] = [];
  const subscription = consumer.subscriptions.create(
    { channel: "AuctionChannel", id: auctionId },
    { received: (message: unknown) => received.push(message) },
  );
  return {
    received,
    bid: (clientBidId: string, amount: number) => subscription.perform("bid", { clientBidId, amount }),
    async [Symbol.asyncDispose]() {
      consumer.disconnect();
      vi.unstubAllGlobals();
    },
  };
}

describe("the auction's channel", () => {
  test("gives everyone the state, and bidders what they are", async () => {
    await using started = await startedAuction();
    const auctionId = await started.open();
    const { token } = await started.enter("Ada");
    await using ada = await enter(started, auctionId, token);
    await using spectator = await enter(started, auctionId);

    expect(await ada.hears("snapshot")).toMatchObject({
      phase: "active",
      price: 10_000,
      bidNo: 0,
      isReserveMet: false,
      bids: [],
      you: { name: "Ada", isSeller: false, hasDeposit: true, bidNo: 0 },
    });
    expect(await spectator.hears("snapshot")).toMatchObject({ you: null, viewers: 2 });
  });

  test("tells all of a bid under a masked name, and who led that it was outbid", async () => {
    await using started = await startedAuction();
    const auctionId = await started.open();
    await using ada = await enter(started, auctionId, (await started.enter("Ada")).token);
    await using bo = await enter(started, auctionId, (await started.enter("Bo")).token);
    await using spectator = await enter(started, auctionId);

    expect(await ada.bid("ada-bid-1", 10_000)).toMatchObject({ result: "OK", bidNo: 1 });
    expect(await bo.bid("bo-bid-01", 12_000)).toMatchObject({ result: "OK", bidNo: 2 });

    expect(await ada.hears("outbid")).toEqual({ bidNo: 2, price: 12_000 });
    await eventually(() => expect(spectator.heard.filter(({ event }) => event === "price")).toHaveLength(2));
    expect(spectator.heard.at(-1)?.payload).toMatchObject({
      bidNo: 2,
      price: 12_000,
      bids: [{ bidNo: 2, bidder: "B**" }],
    });
    expect([...bo.heard, ...spectator.heard].filter(({ event }) => event === "outbid")).toEqual([]);
  });

  test("a spectator's bid is not eligible, and of a flood of bids most are told to come again", async () => {
    await using started = await startedAuction();
    const auctionId = await started.open();
    await using spectator = await enter(started, auctionId);
    await using ada = await enter(started, auctionId, (await started.enter("Ada")).token);

    const flood = await Promise.all(Array.from({ length: 100 }, (_, count) => ada.bid(`ada-bid-${count}`, 1)));

    expect(await spectator.bid("spectator", 10_000)).toMatchObject({ result: "NOT_ELIGIBLE" });
    expect(flood[0]).toMatchObject({ result: "TOO_LOW" });
    const limited = flood.filter(({ result }) => result === "RATE_LIMITED");
    expect(limited.length).toBeGreaterThan(20);
    expect(limited.filter(({ retryAfterMs = 0 }) => retryAfterMs < 1 || retryAfterMs > 200)).toEqual([]);
  });

  test("the end comes by itself, once, after the last bid", async () => {
    const clock = new SkippingClock();
    await using started = await startedAuction(clock);
    await started.open({ endAt: clock.now() + 10_000, reserve: 0 });
    await using ada = await enter(started, 1, (await started.enter("Ada")).token);
    await ada.bid("ada-bid-1", 10_000);

    clock.skip(31_000);
    await ada.hears("ended");

    expect(ada.heard.map(({ event }) => event)).toEqual(["snapshot", "price", "ended"]);
    expect(ada.heard.at(-1)?.payload).toEqual({ phase: "sold", bidNo: 1, price: 10_000 });
    expect(await ada.bid("ada-bid-2", 30_000)).toMatchObject({ result: "ENDED" });
  });

  test("what ended while nobody ran is decided at the next start", async () => {
    const engine = await SQLITE_ENGINE.create();
    await using _database = engine;
    const folder = await mkdtemp(join(tmpdir(), "hutong-auction-"));
    const config = { host: "127.0.0.1", port: 0, dataFolder: folder, databaseUrl: engine.url };
    const before = await startAuction(config);
    const { id } = await before.house.register("Seller");
    const auctionId = await before.house.open(id, planOf(Date.now() - 700_000));
    await before.close();

    await using after = await startAuction(config);

    expect(await after.house.find(auctionId)).toMatchObject({ status: "unsold" });
    await rm(folder, { recursive: true });
  });

  test("viewers who leave at once are not counted for ever", async () => {
    await using started = await startedAuction();
    const auctionId = await started.open();
    const url = webSocketUrl(started, "/socket/websocket?vsn=2.0.0");
    const links = await Promise.all(
      Array.from({ length: 20 }, () => overWebSocket(new WebSocket(url), (link) => new PhoenixClient(link))),
    );
    for (const link of links) {
      link.join(`auction:${auctionId}`);
      link.close();
    }
    await Promise.all(links.map(({ closed }) => closed));
    await using spectator = await enter(started, auctionId);

    await eventually(async () => expect(await spectator.channel.push("clock", {})).toMatchObject({ viewers: 1 }));
  });

  test("the seller cancels, and all hear of it", async () => {
    await using started = await startedAuction();
    const { program } = started;
    const { id, token } = await started.enter("Seller");
    const auctionId = await program.house.open(id, planOf(Date.now()));
    await using seller = await enter(started, auctionId, token);
    await using ada = await enter(started, auctionId, (await started.enter("Ada")).token);

    expect(await ada.channel.push("cancel", {})).toEqual({ isCancelled: false });
    expect(await seller.channel.push("cancel", {})).toEqual({ isCancelled: true });

    expect(await ada.hears("ended")).toEqual({ phase: "cancelled", bidNo: 0, price: 10_000 });
  });

  test("our client, that of Phoenix and that of Rails bid in one auction", async () => {
    await using started = await startedAuction();
    const auctionId = await started.open();
    const [ada, bo, chen] = [await started.enter("Ada"), await started.enter("Bo"), await started.enter("Chen")];
    await using ours = await enter(started, auctionId, ada.token);
    await using ofPhoenix = enterWithPhoenix(started, auctionId, bo.token);
    await using ofRails = enterWithRails(started, auctionId, chen.token);
    await eventually(() => expect(ofRails.received).toContainEqual(expect.objectContaining({ event: "snapshot" })));

    expect(await ours.bid("ours-bid-1", 10_000)).toMatchObject({ result: "OK", bidNo: 1 });
    expect(await ofPhoenix.bid("phoenix-bid", 10_500)).toMatchObject({ result: "OK", bidNo: 2 });
    ofRails.bid("rails-bid-1", 11_000);

    await eventually(() =>
      expect(ofRails.received).toContainEqual(expect.objectContaining({ event: "bid_result", result: "OK", bidNo: 3 })),
    );
    await eventually(() => expect(ours.heard.at(-1)?.payload).toMatchObject({ bidNo: 3, price: 11_000 }));
    await eventually(() => expect(ofPhoenix.prices).toEqual([10_000, 10_500, 11_000]));
  });
});

describe("bad input", () => {
  test.each([
    ["no amount", { clientBidId: "12345678" }],
    ["a fraction of a cent", { clientBidId: "12345678", amount: 10_000.5 }],
    ["a negative amount", { clientBidId: "12345678", amount: -1 }],
    ["an amount as text", { clientBidId: "12345678", amount: "10000" }],
    ["more than there is", { clientBidId: "12345678", amount: 1e15 }],
    ["no id", { amount: 10_000 }],
    ["an id that is too short", { clientBidId: "1", amount: 10_000 }],
    ["an id that is too long", { clientBidId: "x".repeat(65), amount: 10_000 }],
    ["an id of other characters", { clientBidId: "1234567 '", amount: 10_000 }],
  ])("a bid with %s is refused, and the channel lives", async (_what, payload) => {
    await using started = await startedAuction();
    const auctionId = await started.open();
    const { token } = await started.enter("Ada");
    const url = webSocketUrl(started, `/socket/websocket?vsn=2.0.0&token=${token}`);
    const phoenix = await overWebSocket(new WebSocket(url), (link) => new PhoenixClient(link));
    phoenix.join(`auction:${auctionId}`);

    const reply = await phoenix.reply(phoenix.push(`auction:${auctionId}`, "bid", payload));

    expect(reply[4]).toMatchObject({ status: "error", response: { reason: "invalid_payload" } });
    const good = phoenix.push(`auction:${auctionId}`, "bid", { clientBidId: "12345678", amount: 10_000 });
    expect((await phoenix.reply(good))[4]).toMatchObject({ response: { result: "OK" } });
    phoenix.close();
  });

  test.each(["auction:99", "auction:0", "auction:x", "auction:1:2", "auction:1e3", `auction:${"9".repeat(30)}`])(
    "there is no %s",
    async (topic) => {
      await using started = await startedAuction();
      const url = webSocketUrl(started, "/socket/websocket?vsn=2.0.0");
      const phoenix = await overWebSocket(new WebSocket(url), (link) => new PhoenixClient(link));

      expect((await phoenix.reply(phoenix.join(topic)))[4]).toEqual({
        status: "error",
        response: { reason: "not_found" },
      });
      phoenix.close();
    },
  );

  test("nobody joins the topic on which somebody else hears of being outbid", async () => {
    await using started = await startedAuction();
    const auctionId = await started.open();
    const { id } = await started.enter("Ada");
    const url = webSocketUrl(started, "/socket/websocket?vsn=2.0.0");
    const phoenix = await overWebSocket(new WebSocket(url), (link) => new PhoenixClient(link));

    expect((await phoenix.reply(phoenix.join(`outbid:${auctionId}:${id}`)))[4]).toMatchObject({ status: "error" });
    phoenix.close();
  });

  test("a forged token is refused", async () => {
    await using started = await startedAuction();
    const url = webSocketUrl(started, "/socket/websocket?vsn=2.0.0&token=header.payload.signature");

    await expect(overWebSocket(new WebSocket(url), (link) => new PhoenixClient(link))).rejects.toThrow(
      "closed with 1006",
    );
  });
});
