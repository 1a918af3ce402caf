import { fileURLToPath } from "node:url";
import {
  type Browser,
  type BrowserContext,
  chromium,
  type FrameLocator,
  type Locator,
  type Page,
} from "playwright-core";
import { type DevServer, type DevServerOptions, startDevServer } from "../../src/host/dev-server.ts";

/** The path of Chromium, `undefined` when the machine has none: then the suites that need it are skipped. */
export const CHROMIUM = process.env["HUTONG_TEST_CHROMIUM"];

const STEP_LIMIT_MS = 15_000;

/** Starts Chromium. */
export function launchBrowser(): Promise<Browser> {
  // Tests run as root in containers, where the sandbox has no user namespaces.
  // There is no microphone either.
  const args = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
  return chromium.launch({ ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }), args });
}

/** The folder of one of the projects beside the tests. */
export function projectFolder(name: string): string {
  return fileURLToPath(new URL(`../projects/${name}`, import.meta.url));
}

/** A project on a phone in Chromium. */
export class BrowserPhone implements AsyncDisposable {
  readonly page: Page;
  readonly server: DevServer;
  /** Errors of the page itself. Pictures that are not there are no errors. */
  readonly errors: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, server: DevServer) {
    this.#context = context;
    this.page = page;
    this.server = server;
    page.setDefaultTimeout(STEP_LIMIT_MS);
    page.on("pageerror", (error) => this.errors.push(String(error)));
  }

  /** Opens a project; `query` may name a language, a theme or a page. */
  static async open(browser: Browser, options: DevServerOptions & { readonly query?: string }): Promise<BrowserPhone> {
    const server = await startDevServer({ port: 0, ...options });
    const context = await browser.newContext({
      locale: "en-GB",
      viewport: { width: 1280, height: 980 },
      reducedMotion: "reduce",
    });
    const phone = new BrowserPhone(context, await context.newPage(), server);
    await phone.page.goto(server.url + (options.query ?? ""));
    return phone;
  }

  /** The page of the mini-program that can be seen. */
  get view(): FrameLocator {
    return this.page.frameLocator("section.page.top iframe.page-frame");
  }

  /** An element of that page. */
  find(selector: string): Locator {
    return this.view.locator(selector);
  }

  /** Title of that page. */
  get title(): Locator {
    return this.page.locator("section.page.top .bar-title");
  }

  /** Lines of the console, as one text. */
  console(): Promise<string> {
    return this.page.locator(".panel-body.console").innerText();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    await this.server.close();
  }
}
