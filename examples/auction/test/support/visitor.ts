import { type Browser, chromium, type Page } from "playwright-core";

/** The path of Chromium; without one the suites that need it are skipped. */
export const CHROMIUM = process.env["HUTONG_TEST_CHROMIUM"];

/** How long a step on a page may take, in milliseconds: generous, because two cores may be shared by many. */
export const STEP_LIMIT_MS = 30_000;

/** Starts Chromium. */
export function launchBrowser(): Promise<Browser> {
  // Tests run as root in containers, where the sandbox has no user namespaces.
  return chromium.launch({ ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }), args: ["--no-sandbox"] });
}

/** What is known of a visitor beforehand. */
export interface VisitOptions {
  /** @defaultValue `"en-GB"` */
  readonly locale?: string;
  /** Who the visitor is already; without it a spectator. */
  readonly token?: string;
}

/** Somebody with a browser of their own on the auction's page. */
export class Visitor implements AsyncDisposable {
  readonly page: Page;
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(STEP_LIMIT_MS);
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /** Opens the page; `prepare` runs in it before its own scripts. */
  static async open(
    browser: Browser,
    url: string,
    { locale = "en-GB", token }: VisitOptions = {},
    prepare?: () => void,
  ): Promise<Visitor> {
    const context = await browser.newContext({ locale });
    const visitor = new Visitor(await context.newPage());
    if (prepare !== undefined) await context.addInitScript(prepare);
    if (token !== undefined)
      await context.addInitScript((text) => localStorage.setItem("hutong-auction-token", text), token);
    await visitor.page.goto(url);
    await visitor.page.locator("#page:not([hidden])").waitFor();
    return visitor;
  }

  /** Takes part as people do: gives a name and pays the deposit. */
  async takePart(name: string): Promise<void> {
    await this.page.fill("#name", name);
    await this.page.click("#enter");
    await this.page.click("#deposit");
    await this.page.locator("#bid:enabled").waitFor();
  }

  /** Bids by the first button of the ladder, once it offers this amount: nothing is clicked before the bid to beat is here. */
  async climb(amount: string): Promise<void> {
    await this.page.locator("#ladder button:first-child:enabled", { hasText: amount }).click();
  }

  /** Waits until the page says so of the visitor. */
  stands(standing: string): Promise<void> {
    return this.page.locator(`#standing[data-standing=${standing}]`).waitFor();
  }

  /** Waits until the list begins with that bid. */
  sees(bidNo: number, amount: string): Promise<void> {
    const latest = this.page.locator("#bids li:first-child", { hasText: amount });
    return latest.locator(".number").getByText(String(bidNo), { exact: true }).waitFor();
  }

  /** Waits until an element has this text. */
  async shows(selector: string, text: string | RegExp): Promise<void> {
    await this.page
      .locator(selector)
      .and(this.page.getByText(text, { exact: true }))
      .waitFor();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.page.context().close();
  }
}
