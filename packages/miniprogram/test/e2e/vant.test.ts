import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BrowserPhone, CHROMIUM, launchBrowser, projectFolder } from "../support/browser-phone.ts";

/** For all of one test, in milliseconds: a page on a busy machine. */
const TEST_LIMIT_MS = 90_000;

/** Components of the package that show something in the page of the project without a touch. */
const SHOWN = [
  ...["button", "calendar", "card", "cell", "cell-group", "checkbox", "checkbox-group", "circle", "col", "collapse"],
  ...["collapse-item", "count-down", "datetime-picker", "divider", "dropdown-menu", "empty", "field"],
  ...["goods-action", "goods-action-button", "goods-action-icon", "grid", "grid-item", "icon", "image", "index-anchor"],
  ...["index-bar", "info", "loading", "nav-bar", "notice-bar", "panel", "picker", "progress", "radio", "radio-group"],
  ...["rate", "row", "search", "sidebar", "sidebar-item", "skeleton", "slider", "stepper", "steps", "sticky"],
  ...[
    "submit-bar",
    "swipe-cell",
    "switch",
    "tab",
    "tabbar",
    "tabbar-item",
    "tabs",
    "tag",
    "transition",
    "tree-select",
    "uploader",
  ],
];

describe.skipIf(CHROMIUM === undefined)(
  "@vant/weapp in Chromium, as it comes from npm",
  { timeout: TEST_LIMIT_MS },
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser?.close();
    });

    const open = (): Promise<BrowserPhone> =>
      BrowserPhone.open(browser, { project: projectFolder("vant"), reload: false });

    test("every component mounts and shows something", async () => {
      await using phone = await open();
      await phone.find(".press").waitFor();

      const empty = await phone.find("body").evaluate(
        (body, names) =>
          names.filter((name) => {
            const element = body.querySelector(`[is="miniprogram_npm/@vant/weapp/${name}/index"]`);
            return (element?.children.length ?? 0) === 0;
          }),
        SHOWN,
      );

      expect(SHOWN.length).toBeGreaterThanOrEqual(25);
      expect(empty).toEqual([]);
      expect([phone.errors, await phone.console()]).toEqual([[], ""]);
    });

    test("components that are touched tell the page, and the page tells them", async () => {
      await using phone = await open();
      const touch = (selector: string): Promise<void> => phone.find(selector).first().click();

      await touch(".press");
      await touch(".check .van-checkbox__icon-wrap");
      await touch(".pear .van-checkbox__icon-wrap");
      await touch(".large .van-radio__icon-wrap");
      await touch(".turn .van-switch");
      await touch(".step .van-stepper__plus");
      await phone.find(".name input").fill("panda");
      await touch(".fold .van-cell");

      await phone.find(".press").getByText("按钮 1").waitFor();
      await phone.find(".fruits").getByText("apple,pear").waitFor();
      await phone.find(".size").getByText("l").waitFor();
      await phone.find(".state").getByText("true true 2").waitFor();
      await phone.find(".name-shown").getByText("panda").waitFor();
      await phone.find(".fold").getByText("面板内容").waitFor();
    });

    test("what is opened by a call of a script appears, and a popup comes and goes", async () => {
      await using phone = await open();

      await phone.find(".toast").click();
      await phone.find("#van-toast").getByText("提示内容").waitFor();
      await phone.find(".pop").click();
      await phone.find(".popped").waitFor();
      await phone
        .find(".van-overlay")
        .first()
        .click({ position: { x: 5, y: 5 } });

      await phone.find(".popped").waitFor({ state: "hidden" });
    });
  },
);
