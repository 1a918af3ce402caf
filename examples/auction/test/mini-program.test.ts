import { createFakeWx, createWxRealm, eventually, SkippingClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type StartedAuction, startedAuction } from "./support/started-auction.ts";

/**
 * What a mini-program writes by hand to take part: the handshake with a bare token in `Authorization` and the options of old
 * tutorials that WeChat ignores, the subscription as soon as the socket is open, messages, and what it receives. It knows no
 * Hutong, offers no subprotocol, does not wait for the welcome and tells its own frames by two members.
 */
const CLIENT = `
  const sent = [];
  const received = [];
  const others = [];

  function connect(url, token, identifier) {
    wx.connectSocket({
      url: url,
      data: {},
      method: "GET",
      header: { "content-type": "application/json", Authorization: token },
    });
    wx.onSocketOpen(function () {
      send({ command: "subscribe", identifier: identifier });
    });
    wx.onSocketMessage(function (event) {
      const frame = JSON.parse(event.data);
      if (frame.identifier && frame.message) received.push(frame.message);
      else others.push(frame);
    });
  }

  function message(identifier, data) {
    send({ command: "message", identifier: identifier, data: JSON.stringify(data) });
  }

  function send(frame) {
    sent.push(frame);
    wx.sendSocketMessage({ data: JSON.stringify(frame) });
  }
`;

const IDENTIFIER = '{"channel":"AuctionChannel","id":1}';

/** Runs the client where nothing is but the language and `wx`, and connects it. */
function takePart(started: StartedAuction, token: string) {
  const realm = createWxRealm(createFakeWx({ clock: new SkippingClock() }).run);
  realm.evaluate(CLIENT);
  const call = (name: string, ...given: readonly unknown[]): void =>
    void realm.evaluate(`${name}(${given.map((value) => JSON.stringify(value)).join(", ")})`);
  const read = (list: "sent" | "received" | "others"): readonly unknown[] =>
    JSON.parse(String(realm.evaluate(`JSON.stringify(${list})`)));
  call("connect", `${started.url.replace("http", "ws")}/cable`, token, IDENTIFIER);
  return {
    message: (data: object): void => call("message", IDENTIFIER, data),
    sent: () => read("sent"),
    /** Frames that are no messages of the channel, without pings. */
    others: () => read("others").filter((frame) => !JSON.stringify(frame).includes('"ping"')),
    hears: (message: object) =>
      eventually(() => expect(read("received")).toContainEqual(expect.objectContaining(message)), { limitMs: 10_000 }),
  };
}

describe("a mini-program with raw Action Cable frames", { timeout: 60_000 }, () => {
  test("bids, is outbid, bids again and wins", async () => {
    const clock = new SkippingClock();
    await using started = await startedAuction(clock);
    const { house } = started.program;
    const auctionId = await started.open({ endAt: clock.now() + 120_000 });
    const [ada, bo] = [await started.enter("Ada"), await started.enter("Bo")];
    const [first, second] = [takePart(started, ada.token), takePart(started, bo.token)];
    for (const phone of [first, second]) await phone.hears({ event: "snapshot", price: 10_000, bidNo: 0 });

    // Data without an action is for `receive`, which takes it as a bid.
    first.message({ clientBidId: "phone-1-bid-1", amount: 10_000 });
    await first.hears({ event: "bid_result", result: "OK", bidNo: 1 });
    second.message({ action: "bid", clientBidId: "phone-2-bid-1", amount: 10_000 });
    await second.hears({ event: "bid_result", result: "TOO_LOW", minimum: 10_500 });
    second.message({ action: "bid", clientBidId: "phone-2-bid-2", amount: 10_500 });
    await first.hears({ event: "outbid", bidNo: 2, price: 10_500 });
    first.message({ action: "bid", clientBidId: "phone-1-bid-2", amount: 25_000 });
    await second.hears({ event: "price", bidNo: 3, price: 25_000 });
    // In steps, because a link on which nothing was heard for longer is cut.
    for (let step = 1; step <= 25; step++) {
      clock.skip(5_000);
      for (const phone of [first, second]) phone.message({ action: "clock", sentAt: step });
      for (const phone of [first, second]) await phone.hears({ event: "clock", sentAt: step });
    }

    for (const phone of [first, second]) await phone.hears({ event: "ended", phase: "sold", bidNo: 3, price: 25_000 });
    expect(await house.find(auctionId)).toMatchObject({ status: "sold", leader_id: ada.id, price: 25_000, bid_no: 3 });
    expect(first.sent().slice(0, 2)).toEqual([
      { command: "subscribe", identifier: IDENTIFIER },
      { command: "message", identifier: IDENTIFIER, data: '{"clientBidId":"phone-1-bid-1","amount":10000}' },
    ]);
    expect(first.others()).toEqual([{ type: "welcome" }, { identifier: IDENTIFIER, type: "confirm_subscription" }]);
  });

  test("with a token that is no good is told to stay away", async () => {
    await using started = await startedAuction();

    const { others } = takePart(started, "header.payload.signature");

    await eventually(() =>
      expect(others()).toEqual([{ type: "disconnect", reason: "unauthorized", reconnect: false }]),
    );
  });
});
