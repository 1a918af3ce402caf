import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BrowserPhone, CHROMIUM, launchBrowser, projectFolder } from "../support/browser-phone.ts";

/** For all of one test, in milliseconds: a page on a busy machine. */
const TEST_LIMIT_MS = 90_000;

describe.skipIf(CHROMIUM === undefined)("details of pages in Chromium", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  const open = (page: string, query = ""): Promise<BrowserPhone> =>
    BrowserPhone.open(browser, {
      project: projectFolder("details"),
      reload: false,
      query: `?path=/pages/${page}/${page}${query}`,
    });

  const styleOf = (phone: BrowserPhone, selector: string, name: string): Promise<string> =>
    phone
      .find(selector)
      .first()
      .evaluate((node, property) => getComputedStyle(node).getPropertyValue(property), name);

  test("text and placeholder of a field start inside its padding", async () => {
    await using phone = await open("fields");
    await phone.find(".typed input").waitFor();

    const insets = (selector: string): Promise<readonly number[]> =>
      phone.find(selector).evaluate((host) => {
        const placeholder = host.querySelector("wx-placeholder");
        const text = document.createRange();
        text.selectNodeContents(placeholder ?? host);
        const inner = placeholder === null ? host.shadowRoot?.querySelector("input") : text;
        const [own, other] = [host.getBoundingClientRect(), inner?.getBoundingClientRect() ?? new DOMRect()];
        return [Math.round(other.left - own.left), Math.round(other.top - own.top)];
      });
    const end = await phone.find(".right").evaluate((host) => {
      const text = document.createRange();
      text.selectNodeContents(host.querySelector("wx-placeholder") ?? host);
      return Math.round(host.getBoundingClientRect().right - text.getBoundingClientRect().right);
    });

    expect(await insets(".typed")).toEqual([30, 20]);
    expect((await insets(".empty"))[0]).toBe(30);
    expect(end).toBe(0);
    expect((await phone.find(".low").boundingBox())?.height).toBe(40);
  });

  test("a growing textarea shrinks when its value is taken away", async () => {
    await using phone = await open("fields");
    await phone.find(".growing textarea").waitFor();
    const height = async (): Promise<number> => (await phone.find(".growing").boundingBox())?.height ?? 0;
    const before = await height();
    await phone.find(".clear").click();
    await expect.poll(height).toBeLessThan(before / 3);

    expect(before).toBeGreaterThan(100);
  });

  test("the safe area is that of the phone, less what its own bars cover", async () => {
    await using page = await open("fields");
    await page.find(".typed input").waitFor();
    await using tab = await open("files");
    await tab.find(".write").waitFor();

    expect(await styleOf(page, ".safe", "padding-bottom")).toBe("42px");
    expect(await styleOf(page, ".safe", "padding-top")).toBe("0px");
    expect(await styleOf(page, ".inline", "padding-bottom")).toBe("34px");
    expect(await styleOf(tab, ".safe", "padding-bottom")).toBe("0px");
  });

  test("colours of the theme file follow the phone", async () => {
    await using phone = await open("files", "&theme=dark");
    await phone.find(".write").waitFor();
    const bar = phone.page.locator("section.page.top .bar");
    const colour = (node: Element): string => getComputedStyle(node).backgroundColor;
    const dark = [await bar.evaluate(colour), await phone.page.locator(".tab-bar").evaluate(colour)];
    const darkGround = await styleOf(phone, "body", "background-color");
    await phone.page
      .locator(".toolbar select")
      .filter({ has: phone.page.locator('option[value="light"]') })
      .selectOption("light");
    await expect.poll(() => phone.page.locator(".tab-bar").evaluate(colour)).toBe("rgb(254, 254, 254)");
    await expect.poll(() => styleOf(phone, "body", "background-color")).toBe("rgb(240, 240, 240)");

    expect(dark).toEqual(["rgb(16, 16, 16)", "rgb(16, 16, 16)"]);
    expect(darkGround).toBe("rgb(32, 32, 32)");
    expect(await bar.evaluate(colour)).toBe("rgb(254, 254, 254)");
  });

  test("files that a project writes can be shown, and are there after a restart", async () => {
    await using phone = await open("files");
    const isShown = (): Promise<boolean> =>
      phone.find(".kept").evaluate((host) => (host.shadowRoot?.querySelector("img")?.naturalWidth ?? 0) > 0);
    await phone.find(".write").click();
    await phone.find(".size").getByText("40x30").waitFor();
    await expect.poll(isShown).toBe(true);
    await phone.find(".preview").click();
    const preview = phone.page.locator(".overlays img").first();
    await expect.poll(() => preview.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40);
    await phone.page.reload();
    await phone.find(".size").getByText("40x30").waitFor();
    await expect.poll(isShown).toBe(true);

    expect(await phone.find(".saved").innerText()).toBe("saved 1");
  });

  test("a script reads at once what it has drawn", async () => {
    await using phone = await open("drawing");
    await phone.find(".line").getByText("image").waitFor();
    await phone.find(".line").getByText("old").waitFor();
    await phone.find(".saved").getByText("50x60").waitFor();
    const copied = phone.find(".copy");
    await expect.poll(() => copied.evaluate((host) => host.shadowRoot?.querySelector("img")?.naturalWidth)).toBe(300);

    expect((await phone.find(".line").allInnerTexts()).toSorted()).toEqual([
      "hidden 0,0,255,255",
      "image 127,131,137,255",
      "line 1",
      "old 0,255,0,255",
      "pixel 255,0,0,255",
    ]);
  });

  test("what needs WeChat itself is a box with its name", async () => {
    await using phone = await open("boxes");
    await phone.find(".open").waitFor();
    const names = await phone
      .find(".named")
      .evaluateAll((hosts) => hosts.map((host) => host.shadowRoot?.querySelector(".name")?.textContent));
    const heights = await phone.find(".named").evaluateAll((hosts) => hosts.map((host) => host.clientHeight));

    expect(names).toEqual(["<map>", "<camera>", "<editor>", "<ad>", "<official-account>", "<live-player>"]);
    expect(Math.min(...heights)).toBe(84);
  });

  test("a page container opens, and styles follow places and data", async () => {
    await using phone = await open("boxes");
    await phone.find(".state").getByText("failed").waitFor();
    const isHidden = await phone.find(".sheet").isHidden();
    const broken = await phone
      .find(".absent")
      .evaluate((host) => host.shadowRoot?.querySelector("img")?.hasAttribute("src"));
    await phone.find(".open").click();
    await phone.find(".state").getByText("entered").waitFor();

    expect([isHidden, broken]).toEqual([true, false]);
    expect(await phone.find(".sheet").isVisible()).toBe(true);
    expect(await styleOf(phone, ".cell:nth-child(3)", "color")).toBe("rgb(1, 2, 3)");
    expect(await styleOf(phone, ".cell:nth-child(2)", "color")).not.toBe("rgb(1, 2, 3)");
    expect(await styleOf(phone, ".state", "color")).toBe("rgb(7, 8, 9)");
    expect(await styleOf(phone, ".drawn", "background-image")).toContain("url(%23paint)");
  });
});
