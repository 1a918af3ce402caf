import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { CableAuction } from "../../miniprogram/model/cable-auction";

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
  const results: string[] = [];
  const auction = new CableAuction({
    auctionId: 1,
    clock,
    createId: () => "bid-00001",
    changed: () => undefined,
    judged: (result) => results.push(result),
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
  return { clock, links, results, auction, hear, subscribe };
}

describe("the auction by hand", () => {
  test("subscribes after the welcome and shows the whole state", () => {
    const { auction, links, subscribe } = openAuction();

    subscribe();

    expect(links[0]?.sent).toEqual([{ command: "subscribe", identifier: IDENTIFIER }]);
    expect(auction.state).toMatchObject({ title: "Lantern", price: 11_000, canBid: true, ownBidNo: 0 });
    expect(auction.now()).toBe(1_700_000_000_500);
  });

  test("a bid is a message with its data as text, and its result is told", () => {
    const { auction, links, results, hear, subscribe } = openAuction();
    subscribe();

    auction.bid(11_500);
    hear({ identifier: IDENTIFIER, message: { event: "bid_result", result: "OK", bidNo: 3, serverNow: 1 } });

    expect(links[0]?.sent[1]).toEqual({
      command: "message",
      identifier: IDENTIFIER,
      data: '{"action":"bid","clientBidId":"bid-00001","amount":11500}',
    });
    expect([results, auction.state?.ownBidNo]).toEqual([["OK"], 3]);
  });

  test("a gap in the bids is asked for", () => {
    const { auction, links, hear, subscribe } = openAuction();
    subscribe();
    const price = { bidNo: 5, price: 13_000, endAt: 6, isReserveMet: true, viewers: 2, serverNow: 1 };

    hear({
      identifier: IDENTIFIER,
      message: { event: "price", ...price, bids: [{ bidNo: 5, bidder: "B*", amount: 13_000, at: 2 }] },
    });

    expect(auction.state).toMatchObject({ price: 13_000, bidNo: 5, isReserveMet: true });
    expect(links[0]?.sent[1]).toMatchObject({ data: '{"action":"bids","after":2}' });
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

    expect([links.length, links[0]?.sent.length]).toEqual([2, 1]);
  });

  test("a closed auction opens no link and holds no timer", async () => {
    const { auction, links, clock } = openAuction();

    auction.close();
    await clock.advance(60_000);

    expect([links.length, clock.timerCount]).toEqual([1, 0]);
  });
});
