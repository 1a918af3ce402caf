import { describe, expect, test } from "vitest";
import { AuctionState } from "../../page/auction-state.ts";
import type { Snapshot } from "../../src/wire.ts";

const SNAPSHOT: Snapshot = {
  id: 1,
  title: "A lantern",
  currency: "CNY",
  phase: "active",
  bidNo: 1,
  price: 10_000,
  step: 500,
  isReserveMet: false,
  startAt: 0,
  endAt: 1_000,
  hardEndAt: 5_000,
  snipeMs: 100,
  extendMs: 100,
  bids: [{ bidNo: 1, bidder: "A**", amount: 10_000, at: 10 }],
  viewers: 2,
  serverNow: 20,
  you: { name: "Ada", isSeller: false, hasDeposit: true, bidNo: 1 },
};

function stateOf(changes: Partial<Snapshot> = {}): AuctionState {
  const state = new AuctionState();
  state.reset({ ...SNAPSHOT, ...changes });
  return state;
}

const change = (bidNo: number, price: number, endAt = 1_000) => ({
  ...{ bidNo, price, endAt, isReserveMet: false, viewers: 2, serverNow: 30 },
  bids: [{ bidNo, bidder: "B**", amount: price, at: 30 }],
});

describe("AuctionState", () => {
  test("knows that the visitor leads, is outbid, and leads again", () => {
    const state = stateOf();
    const standings = [state.standing];

    state.raise(change(2, 10_500));
    standings.push(state.standing);
    state.accepted(3, 11_000);
    standings.push(state.standing);

    expect(standings).toEqual(["leading", "outbid", "leading"]);
    expect({ price: state.snapshot?.price, minimum: state.minimum }).toEqual({ price: 11_000, minimum: 11_500 });
  });

  test("takes the moved end of the visitor's own bid, whose answer came first", () => {
    const state = stateOf({ you: null });

    state.accepted(2, 10_500);
    state.raise(change(2, 10_500, 1_100));

    expect({ endAt: state.snapshot?.endAt, isExtended: state.isExtended }).toEqual({ endAt: 1_100, isExtended: true });
  });

  test("a price and a decision that overtook the snapshot are not undone by it", () => {
    const state = new AuctionState();

    state.raise(change(2, 10_500));
    state.end({ phase: "sold", bidNo: 2, price: 10_500 });
    state.reset(SNAPSHOT);

    expect(state.snapshot).toMatchObject({ phase: "sold", bidNo: 2, price: 10_500 });
    expect([state.standing, state.leader]).toEqual(["lost", "B**"]);
  });

  test("remembers all bids of the visitor that it has heard of", () => {
    const state = stateOf();

    state.raise(change(2, 10_500));
    state.accepted(3, 11_000);

    expect([1, 2, 3].map((bidNo) => state.isOwn(bidNo))).toEqual([true, false, true]);
  });

  test("does not go back when an event is older than what is known", () => {
    const state = stateOf();

    state.raise(change(3, 12_000));
    state.raise(change(2, 10_500));

    expect(state.snapshot).toMatchObject({ bidNo: 3, price: 12_000 });
    expect(state.newestFirst.map(({ bidNo }) => bidNo)).toEqual([3, 2, 1]);
  });

  test("an acknowledgement that comes after the next bid does not lead", () => {
    const state = stateOf({ you: { name: "Ada", isSeller: false, hasDeposit: true, bidNo: 0 } });

    state.raise(change(3, 12_000));
    state.accepted(2, 10_500);

    expect([state.standing, state.snapshot?.price]).toEqual(["outbid", 12_000]);
  });

  test("the start price is the least first bid", () => {
    expect(stateOf({ bidNo: 0 }).minimum).toBe(10_000);
  });

  test("the end of the time is no decision, and a decision needs no time", () => {
    const state = stateOf({ startAt: 10 });
    const phases = [state.phaseAt(9), state.phaseAt(10), state.phaseAt(999), state.phaseAt(1_000)];

    state.end({ phase: "sold", bidNo: 1, price: 10_000 });

    expect([...phases, state.phaseAt(500)]).toEqual(["scheduled", "active", "active", "closing", "sold"]);
    expect(state.standing).toBe("won");
  });

  test("notes that a late bid has moved the end", () => {
    const state = stateOf();
    const before = state.isExtended;

    state.raise(change(2, 10_500, 1_100));

    expect([before, state.isExtended]).toEqual([false, true]);
  });

  test.each([
    [{ phase: "sold", bidNo: 2 }, "lost"],
    [{ phase: "unsold" }, "none"],
    [{ you: null }, "none"],
  ] as const)("with %j the visitor's standing is %s", (changes, standing) => {
    expect(stateOf(changes).standing).toBe(standing);
  });
});
