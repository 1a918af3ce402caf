import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startDevServer } from "@hutong/miniprogram/host";
import type { Browser, Locator, Page } from "playwright-core";
import { STEP_LIMIT_MS } from "./visitor.ts";

/** The host that the mini-program names. */
const HOST = "auction.example.com";

const folder = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** Builds what the packages of the mini-program give to it, and the runner looks for. */
export async function buildPackages(): Promise<void> {
  const build = ["--conditions=source", "--import", "tsx", "build-miniprogram.ts"];
  for (const name of ["client", "chat-client"])
    await promisify(execFile)(process.execPath, build, { cwd: folder(`packages/${name}`) });
}

/** The mini-program of the chat on a phone, on its auction page. */
export interface AuctionPhone extends AsyncDisposable {
  readonly page: Page;
  /** What the page has thrown, and what the compiler found. */
  errors(): readonly string[];
  /** An element of the page of the mini-program that can be seen. */
  find(selector: string): Locator;
  /** Takes part as people do: taps and gives a name. */
  takePart(name: string): Promise<void>;
  /** Bids by the first button, once it offers this amount: nothing is tapped before the bid to beat is here. */
  offer(amount: string): Promise<void>;
  /** Waits until the page says so of its user. */
  stands(standing: string): Promise<void>;
}

/** Opens the auction page of the mini-program for the auction at that address. */
export async function openAuctionPhone(browser: Browser, url: string): Promise<AuctionPhone> {
  const project = folder("apps/miniprogram");
  const server = await startDevServer({ project, port: 0, reload: false, map: new Map([[HOST, url]]) });
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 980 } });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_LIMIT_MS);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${server.url}?path=pages/auction/auction`);
  const find = (selector: string): Locator => page.frameLocator("section.page.top iframe.page-frame").locator(selector);
  return {
    page,
    find,
    errors: () => [...errors, ...server.runner.errors],
    async takePart(name) {
      await find(".join").click();
      const question = page.getByRole("dialog");
      await question.getByRole("textbox").fill(name);
      await question.getByRole("button", { name: "Save" }).click();
      await find(".offer").first().waitFor();
    },
    offer: (amount) => find(".offer:first-child:not([disabled])").getByText(amount, { exact: true }).click(),
    stands: (standing) => find(".standing").getByText(standing, { exact: true }).waitFor(),
    async [Symbol.asyncDispose]() {
      await context.close();
      await server.close();
    },
  };
}
