import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { DEFAULT_ACCOUNT_OPTIONS, resolveAccountOptions } from "../../src/accounts/account-options.ts";
import { DEFAULT_RATES, Rates } from "../../src/accounts/rates.ts";

const RATES = {
  ...DEFAULT_RATES,
  sign_in: { address: { burst: 3, perMinute: 60 }, account: { burst: 2, perMinute: 6 } },
};

describe("rates", () => {
  test("a burst passes, and then one call for each interval", async () => {
    const clock = new FakeClock();
    const rates = new Rates(clock, RATES);
    const take = () => rates.take("sign_in", { remoteAddress: "192.0.2.1" });

    take();
    take();
    take();
    expect(take).toThrow(expect.objectContaining({ code: "rate_limited", retryAfterMs: 1_000 }));
    await clock.advance(400);
    expect(take).toThrow(expect.objectContaining({ retryAfterMs: 600 }));
    await clock.advance(600);
    expect(take).not.toThrow();
    expect(take).toThrow(expect.objectContaining({ retryAfterMs: 1_000 }));
  });

  test("an account is limited over all addresses, and other accounts are not", () => {
    const rates = new Rates(new FakeClock(), RATES);
    const take = (remoteAddress: string, account: string) => () => rates.take("sign_in", { remoteAddress, account });

    take("192.0.2.1", "ada")();
    take("192.0.2.2", "ada")();

    expect(take("192.0.2.3", "ada")).toThrow(expect.objectContaining({ retryAfterMs: 10_000 }));
    expect(take("192.0.2.3", "grace")).not.toThrow();
  });

  test("a refused address costs the account nothing", () => {
    const rates = new Rates(new FakeClock(), RATES);
    for (const account of ["one", "two", "three"]) rates.take("sign_in", { remoteAddress: "192.0.2.1", account });

    for (let count = 0; count < 5; count++)
      expect(() => rates.take("sign_in", { remoteAddress: "192.0.2.1", account: "ada" })).toThrow();

    expect(() => rates.take("sign_in", { remoteAddress: "192.0.2.2", account: "ada" })).not.toThrow();
  });

  test("actions do not count for each other", () => {
    const rates = new Rates(new FakeClock(), RATES);
    for (let count = 0; count < 3; count++) rates.take("sign_in", { remoteAddress: "192.0.2.1" });

    expect(() => rates.take("visit", { remoteAddress: "192.0.2.1" })).not.toThrow();
  });

  test.each([
    ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
  ])("%s and %s are one network", (one, other) => {
    const rates = new Rates(new FakeClock(), RATES);
    for (let count = 0; count < 3; count++) rates.take("sign_in", { remoteAddress: one });

    expect(() => rates.take("sign_in", { remoteAddress: other })).toThrow();
  });

  test.each([
    ["2001:db8:0:1::1", "2001:db8:0:2::1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.2"],
    ["192.0.2.1", "192.0.2.2"],
  ])("%s and %s are two networks", (one, other) => {
    const rates = new Rates(new FakeClock(), RATES);
    for (let count = 0; count < 3; count++) rates.take("sign_in", { remoteAddress: one });

    expect(() => rates.take("sign_in", { remoteAddress: other })).not.toThrow();
  });

  test("no more than 20,000 addresses and accounts are remembered", () => {
    const rates = new Rates(new FakeClock(), RATES);

    for (let count = 0; count < 25_000; count++) rates.take("sign_in", { remoteAddress: `address ${count}` });

    expect(rates.size).toBe(20_000);
  });

  test("a clock that goes back gives no call twice", () => {
    let nowMs = 1_000_000;
    const rates = new Rates({ now: () => nowMs }, RATES);
    for (let count = 0; count < 3; count++) rates.take("sign_in", { remoteAddress: "192.0.2.1" });

    nowMs = 0;

    expect(() => rates.take("sign_in", { remoteAddress: "192.0.2.1" })).toThrow();
  });
});

describe("account options", () => {
  test("are the defaults where nothing else is given", () => {
    expect(resolveAccountOptions({})).toEqual(DEFAULT_ACCOUNT_OPTIONS);
    expect(resolveAccountOptions({ loginPolicy: "one" })).toEqual({ ...DEFAULT_ACCOUNT_OPTIONS, loginPolicy: "one" });
  });

  test("name every number that is wrong at once", () => {
    const rates = { ...DEFAULT_RATES, visit: { ...DEFAULT_RATES.visit, account: { burst: 0, perMinute: 5 } } };

    expect(() => resolveAccountOptions({ ticketMs: Number.NaN, maxSessions: Number.POSITIVE_INFINITY, rates })).toThrow(
      new RangeError(
        "ticketMs is NaN, set a number above 0; maxSessions is Infinity, set a number above 0; rates.visit.account.burst is 0, set a number above 0",
      ),
    );
  });
});
