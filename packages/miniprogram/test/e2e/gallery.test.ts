import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BrowserPhone, CHROMIUM, launchBrowser, projectFolder } from "../support/browser-phone.ts";

/** For all of one test, in milliseconds: a page on a busy machine. */
const TEST_LIMIT_MS = 90_000;

describe.skipIf(CHROMIUM === undefined)("the gallery in Chromium", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  const open = (page: string): Promise<BrowserPhone> =>
    BrowserPhone.open(browser, {
      project: projectFolder("gallery"),
      reload: false,
      query: `?path=/pages/${page}/${page}`,
    });

  async function texts(phone: BrowserPhone, selectors: readonly string[]): Promise<readonly string[]> {
    return Promise.all(selectors.map(async (selector) => (await phone.find(selector).first().innerText()).trim()));
  }

  test("conditions, lists and literals", async () => {
    await using phone = await open("templates");
    const shown: string[] = [];
    for (const expected of ["zero", "one", "many"]) {
      await phone.find(".branch").getByText(expected).waitFor();
      shown.push(...(await phone.find(".branch").allInnerTexts()));
      await phone.find(".next").click();
    }
    const rows = await phone.find(".row").allInnerTexts();
    await phone.find(".row").nth(1).click();
    await phone.find(".picked").getByText("b banana").waitFor();
    await phone.find(".shuffle").click();
    await phone.find(".row").first().getByText("0:cherry×3").waitFor();

    expect(shown).toEqual(["zero", "one", "many"]);
    expect(rows).toEqual(["0:apple×1 #red #round", "1:banana×2", "2:cherry×3 #red"]);
    expect(await phone.find(".row").allInnerTexts()).toEqual([
      "0:cherry×3 #red",
      "1:apple×10 #red #round",
      "2:banana×2",
    ]);
    expect(await texts(phone, [".literal", ".object"])).toEqual(["2 4 6", "a=1;b=2;"]);
  });

  test("templates, imports, includes, scripts and expressions", async () => {
    await using phone = await open("templates");
    await phone.find(".person").waitFor();
    await phone.find(".wxs-target").click();
    await phone.find(".wxs-target").getByText("touch tap").waitFor();

    expect(await texts(phone, [".person", ".badge", ".included", ".total"])).toEqual([
      "<ADA> 36!",
      "[new]",
      "included footer",
      "6 Array Object true",
    ]);
    expect(await texts(phone, [".expressions"])).toEqual(["3 ab no ada apple true"]);
    expect(await phone.find(".wxs-target").evaluate((node) => getComputedStyle(node).color)).toBe("rgb(7, 193, 96)");
    const style = await phone
      .find(".expressions")
      .evaluate((node) => [getComputedStyle(node).color, getComputedStyle(node).paddingLeft]);
    expect(style).toEqual(["rgb(1, 2, 3)", "15.6px"]);
  });

  test("events are captured first, then bubble until somebody catches them", async () => {
    await using phone = await open("templates");

    await phone.find(".inner-bind").click();
    await phone.find(".log").getByText("capture inner outer").waitFor();
    await phone.find(".inner-catch").click();

    await expect.poll(() => phone.find(".log").innerText()).toBe("capture inner");
  });

  test("slots, external classes and style isolation of components", async () => {
    await using phone = await open("components");
    await phone.find(".the-card .in-body").getByText("body here").waitFor();
    const looks = await phone.find(".the-card").evaluate((card) => {
      const style = (selector: string): CSSStyleDeclaration => getComputedStyle(card.querySelector(selector) ?? card);
      const [title, body] = [...card.children];
      return {
        hostBorder: getComputedStyle(card).borderTopColor,
        titleWeight: getComputedStyle(title ?? card).fontWeight,
        titleColour: getComputedStyle(title ?? card).color,
        bodySpacing: getComputedStyle(body ?? card).letterSpacing,
        slotted: style(".in-title").textDecorationLine,
        inside: getComputedStyle(body ?? card).textDecorationLine,
      };
    });

    expect(looks).toEqual({
      hostBorder: "rgb(0, 0, 255)",
      titleWeight: "700",
      titleColour: "rgb(255, 0, 0)",
      bodySpacing: "normal",
      slotted: "underline",
      inside: "none",
    });
    expect(await phone.find("#counter .global-mark").evaluate((node) => getComputedStyle(node).letterSpacing)).toBe(
      "3px",
    );
  });

  test("properties, observers, behaviors, lifetimes, selectComponent and events of components", async () => {
    await using phone = await open("components");
    await phone.find("#counter").getByText("first 7 doubled 14").waitFor();
    await phone.find("#counter .global-mark").click();
    await phone.find(".heard").getByText("counter 8").waitFor();
    await phone.find(".deep .global-mark").click();
    await phone.find(".heard").getByText("bubbled 6").waitFor();
    await phone.find(".use").click();
    await phone.find(".behavior").getByText("was reset shared x 1").waitFor();

    expect(await texts(phone, [".notes"])).toEqual([
      "created; observed first 7; started 7; attached; page show; ready",
    ]);
    expect(await texts(phone, [".counter"])).toEqual(["first 0 doubled 0"]);
  });

  test("relations follow children that come and go, and generics take the component that they are given", async () => {
    await using phone = await open("components");
    await phone.find('[class$="--family"]').getByText("2 children: one,two").waitFor();
    await phone.find('[class$="--generic"]').getByText("generic").waitFor();

    await phone.find(".relabel").click();

    await phone.find('[class$="--family"]').getByText("1 children: one").waitFor();
    await phone.find("#counter").getByText("renamed").waitFor();
    expect(await phone.find(".second").count()).toBe(0);
  });

  test("inputs report what is typed, take what a handler returns, and are cleared by the logic layer", async () => {
    await using phone = await open("forms");
    const name = phone.find(".name input");
    await name.pressSequentially("abc");
    await phone.find(".typed").getByText("abc|3").waitFor();
    await name.press("Enter");
    await phone.find(".typed").getByText("confirmed abc").waitFor();
    await expect.poll(() => name.inputValue()).toBe("");
    await phone.find(".model input").fill("both ways");
    await phone.find(".modelled").getByText("both ways").waitFor();
    await phone.find(".upper input").pressSequentially("up");

    await expect.poll(() => phone.find(".upper input").inputValue()).toBe("UP");
    expect(await phone.find(".secret input").getAttribute("type")).toBe("password");
    expect(await phone.find(".secret wx-placeholder").evaluate((node) => getComputedStyle(node).color)).toBe(
      "rgb(200, 0, 0)",
    );
    expect(await name.getAttribute("maxlength")).toBe("10");
  });

  test("a form sends the values of all fields, and a reset takes them back", async () => {
    await using phone = await open("forms");
    await phone.find(".name input").fill("Ada");
    await phone.find(".story textarea").fill("once\nupon");
    await phone.find(".flag").click();
    await phone.find(".blue-label").click();
    await phone.find(".colours").getByText("red+blue").waitFor();
    await phone.find(".size-m").click();
    await phone.find(".volume").press("ArrowRight");
    await phone.find(".moved").getByText("6").waitFor();

    await phone.find(".submit").click();
    await phone.find(".submitted").getByText("Ada").waitFor();
    const value: unknown = JSON.parse(await phone.find(".submitted").innerText());
    await phone.find(".reset").click();
    await phone.find(".submitted").getByText("reset").waitFor();

    expect(value).toEqual({
      name: "Ada",
      model: "start",
      story: "once\nupon",
      flag: true,
      colours: ["red", "blue"],
      size: "m",
      volume: 6,
      fruit: 0,
      date: "2024-02-29",
    });
    expect(await phone.find(".name input").inputValue()).toBe("");
  });

  test("pickers open wheels for lists, dates and several columns", async () => {
    await using phone = await open("forms");
    const choose = async (picker: string, line: string): Promise<void> => {
      await phone.find(picker).click();
      await phone.view.getByRole("option", { name: line, exact: true }).first().click();
    };
    const done = () => phone.view.getByRole("button", { name: "Done" }).click();

    await choose(".fruit", "cherry");
    await done();
    await phone.find(".fruit-shown").getByText("cherry").waitFor();
    await choose(".date", "2023");
    await done();
    await phone.find(".date-shown").getByText("2023-02-28").waitFor();
    await choose(".multi", "b");
    await phone.view.getByRole("option", { name: "8" }).click();
    await done();

    await phone.find(".multi-shown").getByText("1-1").waitFor();
  });

  test("scroll views follow the logic layer and report where they are, swipers turn", async () => {
    await using phone = await open("scrolling");
    await phone.find(".jump").click();
    await expect.poll(async () => Number(await phone.find(".where").innerText())).toBeGreaterThan(500);
    const offset = await phone
      .find(".box")
      .evaluate(
        (box) => (box.querySelector("#line30")?.getBoundingClientRect().top ?? 0) - box.getBoundingClientRect().top,
      );

    await phone.find(".swipe").click();
    await phone.find(".swiped").getByText("2 C").waitFor();

    expect(Math.abs(offset)).toBeLessThan(2);
    const places = await phone
      .find(".slide")
      .evaluateAll((slides) => slides.map((slide) => Math.sign(Math.round(slide.getBoundingClientRect().left / 100))));
    expect(places.filter((place) => place === 0)).toHaveLength(1);
  });

  test("selector queries measure, observers see what is seen, and the page reports its scrolling", async () => {
    await using phone = await open("scrolling");
    await phone.find(".measure").click();
    await phone.find(".measured").getByText("tall tall 1200 block 3 0 null").waitFor();
    expect(await phone.find(".movable").evaluate((node) => node.getBoundingClientRect().left)).toBe(30);

    await phone.find(".target").evaluate((node) => node.scrollIntoView());

    await phone.find(".entries").getByText("target seen 0").waitFor();
    await phone.find(".page-scroll").getByText("scrolled bottom").waitFor();
  });

  test("pulling the page down refreshes it", async () => {
    await using phone = await open("scrolling");
    const box = await phone.find(".measured").boundingBox();
    const [x, y] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 2];

    await phone.page.mouse.move(x, y);
    await phone.page.mouse.down();
    await phone.page.mouse.move(x, y + 90, { steps: 4 });
    await phone.page.mouse.up();

    await phone.find(".refreshed").getByText("refreshed").waitFor();
    await expect
      .poll(() => phone.find(".refreshed").evaluate(() => document.documentElement.classList.contains("pulled")))
      .toBe(false);
  });

  test("pictures have their modes, rich text is harmless, and canvases are drawn", async () => {
    await using phone = await open("media");
    await phone.find(".loads").getByText("200x100 failed").waitFor();
    const fits = await phone
      .find(".picture img")
      .evaluateAll((images) =>
        images.map((image) => `${getComputedStyle(image).objectFit} ${getComputedStyle(image).objectPosition}`),
      );
    const fixed = await phone.find(".fixed").boundingBox();
    const colours = await phone
      .find(".paper canvas, .paper2 canvas")
      .evaluateAll((canvases) =>
        canvases.map((canvas) =>
          canvas instanceof HTMLCanvasElement
            ? [...(canvas.getContext("2d")?.getImageData(2, 2, 1, 1).data ?? [])].slice(0, 3)
            : [],
        ),
      );

    const backed = await phone
      .find(".backed")
      .evaluate((node) => [getComputedStyle(node).backgroundImage, getComputedStyle(node).width]);
    expect(backed).toEqual([`url("${phone.server.url}assets/images/wide.svg")`, "39px"]);
    expect(fits).toEqual(["fill 50% 50%", "contain 50% 50%", "cover 50% 50%", "none 0% 0%", "none 50% 50%"]);
    expect(Math.round((fixed?.width ?? 0) / (fixed?.height ?? 1))).toBe(2);
    expect(await phone.find(".rich").innerHTML()).toBe('<p style="color: rgb(9, 9, 9)">rich <b>text</b></p>');
    expect(await phone.find(".nodes").innerHTML()).toBe('<div class="from-nodes">a &amp; b</div>');
    expect(await phone.find("wx-icon svg").count()).toBe(9);
    expect(colours).toEqual([
      [7, 193, 96],
      [87, 107, 149],
    ]);
  });

  test("both kinds of animation move nodes, and a press gives the hover class", async () => {
    await using phone = await open("media");
    await phone.find(".move").click();
    await expect.poll(() => phone.find(".moving").evaluate((node) => getComputedStyle(node).opacity)).toBe("0.5");
    await phone.find(".animate").click();
    await phone.find(".finished").getByText("finished").waitFor();
    await phone.find(".hover").hover();
    await phone.page.mouse.down();
    await expect
      .poll(() => phone.find(".hover").evaluate((node) => getComputedStyle(node).backgroundColor))
      .toBe("rgb(1, 2, 3)");
    await phone.page.mouse.up();

    expect(await phone.find(".animated").evaluate((node) => getComputedStyle(node).opacity)).toBe("0.25");
    await expect.poll(() => phone.find(".hover").evaluate((node) => node.classList.contains("pressed"))).toBe(false);
  });

  test("the phone shows toasts, questions and sheets, and the answers come back", async () => {
    await using phone = await open("apis");
    const result = phone.find(".result");
    await phone.find(".run-toast").click();
    await phone.page.getByRole("status").getByText("saved").waitFor();
    await phone.find(".run-modal").click();
    await phone.page.getByRole("dialog", { name: "Sure?" }).getByRole("button", { name: "Yes" }).click();
    await result.getByText('"confirm":true').waitFor();
    await phone.find(".run-sheet").click();
    await phone.page.getByRole("dialog").getByRole("button", { name: "second" }).click();
    await result.getByText('"tapIndex":1').waitFor();
    await phone.find(".run-sheet").click();
    await phone.page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

    await result.getByText("showActionSheet:fail cancel").waitFor();
  });

  test("title, colours, badges, clipboard, storage and system", async () => {
    await using phone = await open("apis");
    const run = async (name: string, expected: string): Promise<void> => {
      await phone.find(`.run-${name}`).click();
      await phone.find(".result").getByText(expected).waitFor();
    };

    await run("title", "setNavigationBarTitle:ok");
    await run("colour", "setNavigationBarColor:ok");
    await run("badge", "setTabBarBadge:ok");
    await run("clipboard", "copied text");
    await run("storage", '{\\"list\\":[1,2]} \\"\\" 0');
    await run("system", '"windowWidth":390,"platform":"devtools","theme":"light"');

    expect(await phone.title.textContent()).toBe("renamed");
    expect(
      await phone.page.locator("section.page.top .bar").evaluate((node) => getComputedStyle(node).backgroundColor),
    ).toBe("rgb(7, 193, 96)");
    expect(await phone.page.locator(".tab-item .badge").first().innerText()).toBe("3");
  });

  test("login gives data that a server can check, and what is not supported fails without an exception", async () => {
    await using phone = await open("apis");
    await phone.find(".run-login").click();
    await phone.find(".result").getByText("true true true 40").waitFor();
    await phone.find(".run-unsupported").click();
    await phone.find(".result").getByText("startSomething:fail not supported").waitFor();
    await phone.find(".run-refused").click();
    await phone.find(".result").getByText('page \\"pages/nowhere/nowhere\\" is not found').waitFor();

    expect(await phone.console()).toContain("wx.cloud.init is not supported");
    expect(phone.errors).toEqual([]);
  });

  test("tabs, subpackages, event channels and pages made with Component", async () => {
    await using phone = await open("templates");
    await phone.page.getByRole("button", { name: "APIs" }).click();
    await phone.find(".tapped").getByText("1 APIs").waitFor();
    await phone.find(".run-channel").click();
    await phone.find(".deep").getByText("from channel hello").waitFor();
    await phone.find(".back").click();
    await phone.page.getByRole("button", { name: "Templates" }).click();
    await phone.find(".to-sub").click();
    await phone.find(".deep").getByText("from templates").waitFor();
    await phone.page.getByRole("button", { name: "Back", exact: true }).click();
    await phone.page.getByRole("button", { name: "APIs" }).click();
    await phone.find(".run-relaunch").click();

    await phone.find('[class$="--label"]').getByText("query 4 2 1").waitFor();
    expect(await phone.page.locator("section.page").count()).toBe(1);
  });

  test("a dark phone takes the dark values of the theme", async () => {
    await using phone = await open("apis");
    await phone.find(".run-toast").waitFor();

    await phone.page.getByLabel("Appearance").selectOption("dark");
    await expect
      .poll(() =>
        phone.page.locator("section.page.top .bar").evaluate((node) => getComputedStyle(node).backgroundColor),
      )
      .toBe("rgb(25, 25, 25)");
    await phone.find(".run-system").click();

    await phone.find(".result").getByText('"theme":"dark"').waitFor();
    expect(await phone.find("body").evaluate((body) => getComputedStyle(body).backgroundColor)).toBe("rgb(17, 17, 17)");
  });
});
