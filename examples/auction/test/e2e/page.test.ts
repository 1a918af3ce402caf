import { SkippingClock } from "@hutong/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startedAuction } from "../support/started-auction.ts";
import { CHROMIUM, launchBrowser, Visitor } from "../support/visitor.ts";

const TEST_LIMIT_MS = 180_000;

describe.skipIf(CHROMIUM === undefined)("the page in Chromium", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser?.close());

  test("three bidders outbid each other, a spectator sees it all, and one of them wins", async () => {
    const clock = new SkippingClock();
    await using started = await startedAuction(clock);
    const auctionId = await started.open();
    const { token: boToken } = await started.enter("阿波");
    const { token: chenToken } = await started.enter("Chen");
    await using ada = await Visitor.open(browser, started.url);
    await using bo = await Visitor.open(browser, started.url, { token: boToken, locale: "zh-CN" });
    await using chen = await Visitor.open(browser, started.url, { token: chenToken });
    await using spectator = await Visitor.open(browser, started.url);
    await ada.takePart("Ada");

    await ada.climb("¥100.00");
    await ada.stands("leading");
    await bo.climb("¥105.00");
    await ada.stands("outbid");
    await chen.sees(2, "105.00");
    await chen.page.fill("#amount", "250.50");
    await chen.page.click("#bid");
    await bo.stands("outbid");
    await spectator.sees(3, "250.50");

    expect(await spectator.page.locator("#bids li").allTextContents()).toEqual([
      expect.stringMatching(/^3C\*\*.*250\.50/),
      expect.stringMatching(/^2阿\*\*.*105\.00/),
      expect.stringMatching(/^1A\*\*.*100\.00/),
    ]);
    expect(await spectator.page.locator("#chart path.line").count()).toBe(1);
    expect(await bo.page.locator("#standing").textContent()).toBe("您的出价被超过了");
    // The links are cut for their silence on the way: the pages come back by themselves and find the decision.
    clock.skip(600_000);
    await chen.stands("won");
    await ada.stands("over");
    await spectator.shows("#phase", "Sold");
    expect(await spectator.page.locator("#price-label").textContent()).toBe("Sold to C** for");
    expect(await started.program.house.find(auctionId)).toMatchObject({ status: "sold", price: 25_050, bid_no: 3 });
    expect([ada, bo, chen, spectator].flatMap(({ errors }) => errors)).toEqual([]);
  });

  test("a bid that is too low is explained, in the language of the visitor", async () => {
    await using started = await startedAuction();
    await started.open();
    const { token } = await started.enter("Bo");
    await using bo = await Visitor.open(browser, started.url, { token, locale: "zh-CN" });

    await bo.page.fill("#amount", "99.99");
    await bo.page.click("#bid");
    await bo.shows("#answer", "出价太低,现在至少 ¥100.00。");

    await bo.page.click("#language");
    expect(await bo.page.locator("#phase").textContent()).toBe("Open for bids");
  });

  test("a clock that is five minutes wrong shows the right countdown", async () => {
    await using started = await startedAuction();
    await started.open();
    await using visitor = await Visitor.open(browser, started.url, {}, () => {
      const rightNow = Date.now.bind(Date);
      Date.now = () => rightNow() + 300_000;
    });

    await visitor.shows("#countdown", /^0?9:\d\d$/);
  });

  test("an auction that is not there is said to be none", async () => {
    await using started = await startedAuction();
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();

    await page.goto(`${started.url}/?id=7`);
    await page.getByText("There is no such auction.").waitFor();
    await context.close();
  });
});
