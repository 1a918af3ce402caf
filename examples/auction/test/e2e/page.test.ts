import { SkippingClock } from "@hutong/testing";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startedAuction } from "../support/started-auction.ts";

/** The path of Chromium; without one the suite is skipped. */
const CHROMIUM = process.env["HUTONG_TEST_CHROMIUM"];
const TEST_LIMIT_MS = 120_000;

/** Somebody with a browser of their own. */
class Visitor implements AsyncDisposable {
  readonly page: Page;
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /** Bids by the button of the ladder with that number, from 0. */
  async climb(rung: number): Promise<void> {
    await this.page.locator("#ladder button").nth(rung).click();
  }

  /** Waits until the page says so of the visitor. */
  stands(standing: string): Promise<void> {
    return this.page.locator(`#standing[data-standing=${standing}]`).waitFor();
  }

  /** Waits until the page shows that price. */
  sees(price: string): Promise<void> {
    return this.page.locator("#price", { hasText: price }).waitFor();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.page.context().close();
  }
}

describe.skipIf(CHROMIUM === undefined)("the page in Chromium", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    // Tests run as root in containers, where the sandbox has no user namespaces.
    browser = await chromium.launch({
      ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
      args: ["--no-sandbox"],
    });
  });

  afterAll(() => browser?.close());

  async function visit(
    url: string,
    options: { readonly name?: string; readonly locale?: string } = {},
  ): Promise<Visitor> {
    const { name, locale = "en-GB" } = options;
    const context = await browser.newContext({ locale });
    const visitor = new Visitor(await context.newPage());
    const { page } = visitor;
    await page.goto(url);
    if (name === undefined) return visitor;
    await page.fill("#name", name);
    await page.click("#enter");
    await page.click("#deposit");
    await page.locator("#bid:enabled").waitFor();
    return visitor;
  }

  test("three bidders outbid each other, a spectator sees it all, and one of them wins", async () => {
    const clock = new SkippingClock();
    await using started = await startedAuction(clock);
    const auctionId = await started.open();
    await using ada = await visit(started.url, { name: "Ada" });
    await using bo = await visit(started.url, { name: "阿波", locale: "zh-CN" });
    await using chen = await visit(started.url, { name: "Chen" });
    await using spectator = await visit(started.url);

    await ada.climb(0);
    await ada.stands("leading");
    await bo.sees("100.00");
    await bo.climb(0);
    await ada.stands("outbid");
    await chen.sees("105.00");
    await chen.page.fill("#amount", "250.50");
    await chen.page.click("#bid");
    await bo.stands("outbid");
    await spectator.sees("250.50");

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
    expect(await spectator.page.locator("#phase").textContent()).toBe("Sold");
    expect(await started.program.house.find(auctionId)).toMatchObject({ status: "sold", price: 25_050, bid_no: 3 });
    expect([ada, bo, chen, spectator].flatMap(({ errors }) => errors)).toEqual([]);
  });

  test("a bid that is too low is explained, in the language of the visitor", async () => {
    await using started = await startedAuction();
    await started.open();
    await using bo = await visit(started.url, { name: "Bo", locale: "zh-CN" });

    await bo.page.fill("#amount", "99.99");
    await bo.page.click("#bid");
    await bo.page.getByRole("alert").filter({ hasText: "100.00" }).waitFor();

    expect(await bo.page.getByRole("alert").textContent()).toBe("出价太低,现在至少 ¥100.00。");
    await bo.page.click("#language");
    expect(await bo.page.locator("#phase").textContent()).toBe("Open for bids");
  });

  test("a clock that is five minutes wrong shows the right countdown", async () => {
    await using started = await startedAuction();
    await started.open();
    const context = await browser.newContext({ locale: "en-GB" });
    await using visitor = new Visitor(await context.newPage());
    await visitor.page.addInitScript(() => {
      const rightNow = Date.now.bind(Date);
      Date.now = () => rightNow() + 300_000;
    });

    await visitor.page.goto(started.url);

    await visitor.page
      .getByRole("timer")
      .filter({ hasText: /^0?9:\d\d$/ })
      .waitFor();
  });
});
