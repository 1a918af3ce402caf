import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";

/** The path of Chromium, `undefined` when the machine has none: then the suites that need it are skipped. */
export const CHROMIUM = process.env["HUTONG_TEST_CHROMIUM"];

/** The client libraries of the page, by their names in its address. */
export type ClientName = "hutong" | "phoenix" | "action_cable";

/** How long a step on the page may take, in milliseconds. */
export const STEP_LIMIT_MS = 15_000;

/** Starts Chromium. */
export function launchBrowser(): Promise<Browser> {
  // Tests run as root in containers, where the sandbox has no user namespaces.
  return chromium.launch({ ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }), args: ["--no-sandbox"] });
}

/** Where a visitor goes. */
export interface Visit {
  readonly client: ClientName;
  readonly name: string;
  /** @defaultValue `"lobby"` */
  readonly room?: string;
}

/** One person with a browser of its own: storage is shared with nobody. */
export class Visitor implements AsyncDisposable {
  readonly page: Page;
  /** What the page wrote to the console as an error, and what it threw. */
  readonly errors: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.setDefaultTimeout(STEP_LIMIT_MS);
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /** Opens a page in English. */
  static async open(browser: Browser, url: string): Promise<Visitor> {
    const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } });
    const visitor = new Visitor(context, await context.newPage());
    await visitor.page.goto(url);
    return visitor;
  }

  /** Enters a room of the lobby page with the name in the address. */
  static enter(browser: Browser, base: string, { client, name, room = "lobby" }: Visit): Promise<Visitor> {
    return Visitor.open(browser, `${base}/lobby?${new URLSearchParams({ client, room, name }).toString()}`);
  }

  get log(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  get status(): Locator {
    return this.page.getByRole("status");
  }

  /** The texts of the messages, in the order of the page. */
  get bodies(): Locator {
    return this.log.locator(".bubble");
  }

  get members(): Locator {
    return this.page.getByRole("list", { name: /^Members/ }).getByRole("listitem");
  }

  /** Waits until the page says that it is connected. */
  live(limitMs = STEP_LIMIT_MS): Promise<void> {
    return this.status.filter({ hasText: "Live" }).waitFor({ timeout: limitMs });
  }

  /** Writes a message and waits until the page says that it was sent. */
  async say(body: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Message" }).fill(body);
    await this.page.getByRole("button", { name: "Send" }).click();
    await this.log.locator('[data-delivery="sent"]').getByText(body, { exact: true }).waitFor();
  }

  /** Waits until a message with exactly this text stands in the log. */
  hears(body: string): Promise<void> {
    return this.bodies.getByText(body, { exact: true }).waitFor();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#context.close();
  }
}
