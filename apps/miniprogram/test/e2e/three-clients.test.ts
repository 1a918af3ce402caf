import { setInterval } from "node:timers/promises";
import { eventually } from "@hutong/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildClient } from "../support/client-build";
import { CHROMIUM, launchBrowser, visitPhone, write } from "../support/phone";
import { enterWithPhoenix } from "../support/phoenix-guest";
import { startRunningChat, visitLobby } from "../support/running-chat";

/** For all of the test, in milliseconds: two pages on a busy machine, and half a minute in the background. */
const TEST_LIMIT_MS = 180_000;
const LIMIT = { limitMs: 20_000 };
/** How long the user looks away, in seconds: one message is written in each. */
const AWAY_SECONDS = 30;

describe.skipIf(CHROMIUM === undefined)("the phone of a running chat", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    [browser] = await Promise.all([launchBrowser(), buildClient()]);
  });

  afterAll(async () => {
    await browser?.close();
  });

  // Nobody can move the clock of a chat that runs, so this test takes the time that it tells of.
  test("shows once and in order what a page and a stock Phoenix client said while it was in the background", async () => {
    await using chat = await startRunningChat();
    await using ada = await visitLobby(browser, chat.url, "Ada");
    using bo = await enterWithPhoenix(chat.url, "Bo");
    await using phone = await visitPhone(browser, `${chat.url}/phone/`);
    const shown = (): Promise<readonly string[]> => phone.find(".bubble-text").allTextContents();

    await phone.find(".wechat").click();
    await phone.page.getByRole("button", { name: "Lobby" }).click();
    await phone.find(".composer textarea").waitFor();
    await write(phone, "from the phone");
    await ada.hears("from the phone");
    await ada.say("from the page");
    await eventually(() => expect(bo.heard).toEqual(["from the phone", "from the page"]), LIMIT);
    await bo.say("from phoenix");
    await phone.find(".bubble-text").getByText("from phoenix").waitFor();

    await phone.page.getByRole("button", { name: "To background" }).click();
    const said = ["from the phone", "from the page", "from phoenix"];
    for await (const _second of setInterval(1_000)) {
      const text = `meanwhile ${said.length - 2}`;
      if (said.length % 2 === 0) await bo.say(text);
      else await ada.say(text);
      said.push(text);
      // The next one is said after this one, so there is one right order.
      await eventually(() => expect(bo.heard.at(-1)).toBe(text), LIMIT);
      if (said.length === AWAY_SECONDS + 3) break;
    }
    await phone.page.getByText("Suspended:").first().waitFor();
    await phone.page.getByRole("tab", { name: "Network" }).click();
    await phone.page.locator(".panel-body.network").getByText("closed 1000 (interrupted)").waitFor();
    await phone.page.getByRole("button", { name: "Open the mini-program" }).click();

    await expect.poll(shown, { timeout: LIMIT.limitMs }).toEqual(said);
    await write(phone, "back again");
    await ada.hears("back again");
    await eventually(() => expect(bo.heard).toEqual([...said, "back again"]), LIMIT);
    expect(await shown()).toEqual([...said, "back again"]);
    expect([phone.errors(), ada.errors]).toEqual([[], []]);
  });
});
