import { createFakeWx, eventually, type FakeWxApi, SkippingClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { startedAuction } from "./support/started-auction.ts";

/**
 * What a mini-program writes by hand to take part: the handshake with a bare token in `Authorization`, the subscription, a
 * message, and what it receives. It knows no Hutong, offers no subprotocol and does not wait for the welcome.
 */
function takePart(
  wx: FakeWxApi,
  options: { readonly url: string; readonly token: string; readonly auctionId: number },
) {
  const identifier = JSON.stringify({ channel: "AuctionChannel", id: options.auctionId });
  const received: unknown[] = [];
  const frames: unknown[] = [];
  wx.connectSocket({ url: options.url, header: { Authorization: options.token } });
  wx.onSocketOpen(() => wx.sendSocketMessage({ data: JSON.stringify({ command: "subscribe", identifier }) }));
  wx.onSocketMessage(({ data }) => {
    const frame: unknown = JSON.parse(typeof data === "string" ? data : "null");
    frames.push(frame);
    if (typeof frame === "object" && frame !== null && "identifier" in frame && "message" in frame)
      received.push(frame.message);
  });
  const message = (data: object): void => {
    wx.sendSocketMessage({ data: JSON.stringify({ command: "message", identifier, data: JSON.stringify(data) }) });
  };
  return { frames, received, message };
}

describe("a mini-program with raw Action Cable frames", () => {
  test("bids, is outbid, bids again and wins", async () => {
    await using started = await startedAuction();
    const { house } = started.program;
    const auctionId = await started.open();
    const [ada, bo] = [await started.enter("Ada"), await started.enter("Bo")];
    const url = `${started.url.replace("http", "ws")}/cable`;
    const phones = [ada, bo].map(({ token }) =>
      takePart(createFakeWx({ clock: new SkippingClock() }).wx, { url, token, auctionId }),
    );
    const [first, second] = phones;
    if (first === undefined || second === undefined) throw new Error("two phones were made");
    const hears = (phone: typeof first, message: object) =>
      eventually(() => expect(phone.received).toContainEqual(expect.objectContaining(message)));
    await Promise.all(phones.map((phone) => hears(phone, { event: "snapshot", price: 10_000, bidNo: 0 })));

    // Data without an action is for `receive`, which takes it as a bid.
    first.message({ clientBidId: "phone-1-bid-1", amount: 10_000 });
    await hears(first, { event: "bid_result", result: "OK", bidNo: 1 });
    second.message({ action: "bid", clientBidId: "phone-2-bid-1", amount: 10_000 });
    await hears(second, { event: "bid_result", result: "TOO_LOW", minimum: 10_500 });
    second.message({ action: "bid", clientBidId: "phone-2-bid-2", amount: 10_500 });
    await hears(first, { event: "outbid", bidNo: 2, price: 10_500 });
    first.message({ action: "bid", clientBidId: "phone-1-bid-2", amount: 25_000 });
    await hears(second, { event: "price", bidNo: 3, price: 25_000 });
    first.message({ action: "clock", sentAt: 7 });
    await hears(first, { event: "clock", sentAt: 7 });

    expect(await house.find(auctionId)).toMatchObject({ leader_id: ada.id, price: 25_000, bid_no: 3 });
  });

  test("with a token that is no good is told to stay away", async () => {
    await using started = await startedAuction();
    const url = `${started.url.replace("http", "ws")}/cable`;
    const { wx } = createFakeWx({ clock: new SkippingClock() });

    const { frames } = takePart(wx, { url, token: "header.payload.signature", auctionId: 1 });

    await eventually(() => expect(frames).toEqual([{ type: "disconnect", reason: "unauthorized", reconnect: false }]));
  });
});
