import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type BidVerdict, CableAuction } from "../../miniprogram/model/cable-auction";

const IDENTIFIER = '{"channel":"AuctionChannel","id":1}';
const SNAPSHOT = {
  ...{
    event: "snapshot",
    id: 1,
    title: "Lantern",
    currency: "CNY",
    phase: "active",
    step: 500,
    bidNo: 2,
    price: 11_000,
  },
  ...{ endAt: 5, isReserveMet: false, viewers: 1, serverNow: 1_700_000_000_500 },
  bids: [{ bidNo: 2, bidder: "A*", amount: 11_000, at: 1 }],
  you: { name: "Panda", isSeller: false, hasDeposit: true, bidNo: 0 },
};

/** An auction whose links are in the test's hand. */
function openAuction() {
  const clock = new FakeClock();
  const links: { readonly sent: unknown[]; received(frame: string): void; closed(): void; isOpen: boolean }[] = [];
  const verdicts: BidVerdict[] = [];
  const notices: string[] = [];
  let lastBid = 0;
  const auction = new CableAuction({
    auctionId: 1,
    clock,
    createId: () => `bid-0000${(lastBid += 1)}`,
    changed: () => undefined,
    judged: (verdict) => verdicts.push(verdict),
    outbid: () => notices.push("outbid"),
    refused: () => notices.push("refused"),
    open: (handlers) => {
      const link = { sent: [] as unknown[], ...handlers, isOpen: true };
      links.push(link);
      return { send: (frame) => link.sent.push(JSON.parse(frame)), close: () => (link.isOpen = false) };
    },
  });
  const hear = (message: object, index = links.length - 1): void => links[index]?.received(JSON.stringify(message));
  const subscribe = (): void => {
    hear({ type: "welcome" });
    hear({ type: "confirm_subscription", identifier: IDENTIFIER });
    hear({ identifier: IDENTIFIER, message: SNAPSHOT });
  };
  auction.open();
  const tell = (event: string, payload: object): void =>
    hear({ identifier: IDENTIFIER, message: { event, ...payload } });
  /** What was sent on the newest link, without the questions for the time. */
  const said = () =>
    links.at(-1)?.sent.flatMap((frame) => {
      const { data = "{}" } = JSON.parse(JSON.stringify(frame));
      const payload = JSON.parse(data);
      return payload.action === undefined || payload.action === "clock" ? [] : [payload];
    });
  return { clock, links, verdicts, notices, auction, hear, tell, said, subscribe };
}

describe("the auction by hand", () => {
  test("subscribes after the welcome and shows the whole state", () => {
    const { auction, links, subscribe } = openAuction();

    subscribe();

    expect(links[0]?.sent[0]).toEqual({ command: "subscribe", identifier: IDENTIFIER });
    expect(auction.state).toMatchObject({ title: "Lantern", price: 11_000, canBid: true, ownBidNo: 0 });
    expect(auction.now()).toBe(1_700_000_000_500);
  });

  test("a bid is a message with its data as text, and its verdict is told", () => {
    const { auction, links, verdicts, tell, subscribe } = openAuction();
    subscribe();

    auction.bid(11_500);
    tell("bid_result", { result: "OK", clientBidId: "bid-00001", amount: 11_500, bidNo: 3, serverNow: 1 });

    expect(links[0]?.sent.at(-1)).toEqual({
      command: "message",
      identifier: IDENTIFIER,
      data: '{"action":"bid","clientBidId":"bid-00001","amount":11500}',
    });
    expect(verdicts).toEqual([{ result: "OK", minimum: 0 }]);
    expect(auction.state).toMatchObject({ ownBidNo: 3, bidNo: 3, price: 11_500 });
  });

  test("a bid whose answer was lost with the link is placed again under the same id, and once answered no more", async () => {
    const { auction, links, verdicts, clock, tell, said, subscribe } = openAuction();
    subscribe();

    auction.bid(11_500);
    links[0]?.closed();
    await clock.advance(500);
    subscribe();
    expect(said()).toEqual([{ action: "bid", clientBidId: "bid-00001", amount: 11_500 }]);
    tell("bid_result", { result: "DUPLICATE", original: "OK", clientBidId: "bid-00001", amount: 11_500, bidNo: 3 });
    links[1]?.closed();
    await clock.advance(500);
    subscribe();

    expect(said()).toEqual([]);
    expect(verdicts).toEqual([{ result: "OK", minimum: 0 }]);
  });

  test("a bid without an answer is given up when the mini-program was away", () => {
    const { auction, said, subscribe } = openAuction();
    subscribe();

    auction.bid(11_500);
    auction.reopen();
    subscribe();

    expect(said()).toEqual([]);
  });

  test("a rejected bid tells what would have been enough, and who is outbid hears of it", () => {
    const { auction, verdicts, notices, tell, subscribe } = openAuction();
    subscribe();

    auction.bid(1);
    tell("bid_result", { result: "TOO_LOW", clientBidId: "bid-00001", amount: 1, minimum: 11_500 });
    tell("outbid", { bidNo: 4, price: 12_000 });

    expect(verdicts).toEqual([{ result: "TOO_LOW", minimum: 11_500 }]);
    expect(notices).toEqual(["outbid"]);
  });

  test("a gap in the bids is asked for", () => {
    const { auction, said, tell, subscribe } = openAuction();
    subscribe();
    const price = { bidNo: 5, price: 13_000, endAt: 6, isReserveMet: true, viewers: 2, serverNow: 1 };

    tell("price", { ...price, bids: [{ bidNo: 5, bidder: "B*", amount: 13_000, at: 2 }] });

    expect(auction.state).toMatchObject({ price: 13_000, bidNo: 5, isReserveMet: true, isExtended: true });
    expect(said()).toEqual([{ action: "bids", after: 2 }]);
  });

  test("a price and a decision that overtook the snapshot are not undone by it", () => {
    const { auction, hear, tell } = openAuction();
    const price = { bidNo: 3, price: 12_000, endAt: 6, isReserveMet: true, viewers: 2, serverNow: 1 };

    hear({ type: "welcome" });
    tell("price", { ...price, bids: [{ bidNo: 3, bidder: "B*", amount: 12_000, at: 2 }] });
    tell("ended", { phase: "sold", bidNo: 3, price: 12_000 });
    hear({ identifier: IDENTIFIER, message: SNAPSHOT });

    expect(auction.state).toMatchObject({ phase: "sold", price: 12_000, bidNo: 3 });
    expect(auction.state?.bids.map(({ bidNo }) => bidNo)).toEqual([3, 2]);
  });

  test("a token that is no good is reported, and the next link comes without being asked", async () => {
    const { links, notices, clock, hear } = openAuction();

    hear({ type: "disconnect", reason: "unauthorized", reconnect: false });
    links[0]?.closed();
    await clock.advance(500);

    expect([notices, links.length]).toEqual([["refused"], 2]);
  });

  test("a silent link is given up, and a lost one comes back", async () => {
    const { auction, links, clock, subscribe } = openAuction();
    subscribe();

    await clock.advance(8_000);
    expect([links[0]?.isOpen, auction.isSubscribed]).toEqual([false, false]);
    await clock.advance(500);
    subscribe();

    expect([links.length, auction.isSubscribed]).toEqual([2, true]);
  });

  test("after the background there is one new link, and the old one is not heard any more", async () => {
    const { auction, links, clock, hear, subscribe } = openAuction();
    subscribe();

    auction.reopen();
    links[0]?.closed();
    hear({ type: "welcome" }, 0);
    await clock.advance(1_000);

    const subscribed = links[0]?.sent.filter((frame) => JSON.stringify(frame).includes('"subscribe"'));
    expect([links.length, subscribed?.length]).toEqual([2, 1]);
  });

  test("a closed auction opens no link and holds no timer", async () => {
    const { auction, links, clock } = openAuction();

    auction.close();
    await clock.advance(60_000);

    expect([links.length, clock.timerCount]).toEqual([1, 0]);
  });
});
