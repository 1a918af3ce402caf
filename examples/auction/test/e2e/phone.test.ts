import { SkippingClock } from "@hutong/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPackages, openAuctionPhone } from "../support/phone.ts";
import { startedAuction } from "../support/started-auction.ts";
import { CHROMIUM, launchBrowser, Visitor } from "../support/visitor.ts";

const TEST_LIMIT_MS = 240_000;

const seconds = (text: string): number => {
  const [minutes, rest] = text.split(":").map(Number);
  return (minutes ?? NaN) * 60 + (rest ?? NaN);
};

describe.skipIf(CHROMIUM === undefined)(
  "an auction with two pages and a mini-program",
  { timeout: TEST_LIMIT_MS },
  () => {
    let browser: Browser;

    beforeAll(async () => {
      [browser] = await Promise.all([launchBrowser(), buildPackages()]);
    }, TEST_LIMIT_MS);

    afterAll(() => browser?.close());

    test("they outbid each other, a late bid moves the end, and all three show one winner at one price", async () => {
      const clock = new SkippingClock();
      await using started = await startedAuction(clock);
      // Ten minutes; a bid in the last four moves the end to four minutes from then.
      const endAt = clock.now() + 600_000;
      const auctionId = await started.open({ endAt, snipeMs: 240_000, extendMs: 240_000 });
      await using ada = await Visitor.open(browser, started.url, { token: (await started.enter("Ada")).token });
      await using bo = await Visitor.open(browser, started.url, { token: (await started.enter("阿波")).token });
      await using phone = await openAuctionPhone(browser, started.url);
      await phone.takePart("Panda");

      await ada.climb("¥100.00");
      await phone.offer("¥105");
      await ada.stands("outbid");
      await phone.stands("You lead");
      await bo.climb("¥110.00");
      await phone.stands("You have been outbid");
      await phone.find(".field-input input").fill("150.5");
      await phone.find(".own-bid").click();
      await bo.stands("outbid");
      await ada.climb("¥155.50");
      await phone.stands("You have been outbid");

      // The links are cut for their silence on the way; all three come back by themselves.
      clock.skip(endAt - clock.now() - 120_000);
      await ada.shows("#countdown", /^0[01]:\d\d$/);
      await bo.shows("#countdown", /^0[01]:\d\d$/);
      await phone
        .find(".left-time")
        .getByText(/^[01]:\d\d$/)
        .waitFor();
      await phone.offer("¥160.50");
      await phone.stands("You lead");
      await ada.shows("#extended", "Extended by a late bid");
      await bo.shows("#extended", "Extended by a late bid");
      await phone.find(".extended").getByText("Extended by a late bid").waitFor();
      const left = [
        ...(await Promise.all([ada, bo].map(({ page }) => page.locator("#countdown").innerText()))),
        await phone.find(".left-time").innerText(),
      ];
      expect(left.map(seconds).filter((time) => time > 120 && time <= 240)).toHaveLength(3);

      await bo.page.fill("#amount", "205");
      await bo.page.click("#bid");
      await phone.stands("You have been outbid");
      clock.skip(250_000);
      await bo.stands("won");
      await ada.stands("over");
      await phone.stands("Somebody else has won");
      for (const { page } of [ada, bo]) {
        expect(await page.locator("#price-label").innerText()).toBe("Sold to 阿** for");
        expect(await page.locator("#price").innerText()).toBe("¥205.00");
      }
      expect(await phone.find(".price-label").innerText()).toBe("Sold to 阿** for");
      expect(await phone.find(".price").innerText()).toBe("¥205");
      expect(await started.program.house.find(auctionId)).toMatchObject({ status: "sold", price: 20_500, bid_no: 7 });
      expect([...ada.errors, ...bo.errors, ...phone.errors()]).toEqual([]);
    });

    test("the mini-program says when there is no auction, and finds one that was opened since", async () => {
      await using started = await startedAuction();
      await using phone = await openAuctionPhone(browser, started.url);

      await phone.find(".empty").getByText("There is no auction to show.").waitFor();
      await started.open();
      await phone.find(".again").click();

      await phone.find(".title").getByText("A lantern").waitFor();
    });
  },
);
