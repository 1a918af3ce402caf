import { fileURLToPath } from "node:url";
import { type DevServerOptions, startDevServer } from "@hutong/miniprogram/host";
import { type Browser, chromium, type Locator } from "playwright-core";

/** The path of Chromium, `undefined` when the machine has none: then the suites that need it are skipped. */
export const CHROMIUM = process.env["HUTONG_TEST_CHROMIUM"];

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const STEP_LIMIT_MS = 15_000;

/** Starts Chromium. */
export function launchBrowser(): Promise<Browser> {
  // Tests run as root in containers, where the sandbox has no user namespaces.
  return chromium.launch({ ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }), args: ["--no-sandbox"] });
}

/** This mini-program on a phone. */
export type Phone = Awaited<ReturnType<typeof openPhone>>;

/** Serves the mini-program, and opens it on a phone in Chromium; `query` may name a page. */
export async function openPhone(
  browser: Browser,
  { query = "", ...options }: Omit<DevServerOptions, "project" | "port"> & { readonly query?: string },
) {
  const server = await startDevServer({ project: PROJECT, port: 0, ...options });
  const phone = await visitPhone(browser, server.url + query);
  return {
    ...phone,
    /** What the page has thrown, and what the compiler found. */
    errors: (): readonly string[] => [...phone.errors(), ...server.runner.errors],
    async [Symbol.asyncDispose]() {
      await phone[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

/** Opens a phone in Chromium that somebody serves. */
export async function visitPhone(browser: Browser, url: string) {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1280, height: 980 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_LIMIT_MS);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(url);
  return {
    page,
    /** What the page has thrown. */
    errors: (): readonly string[] => errors,
    /** An element of the page of the mini-program that can be seen. */
    find: (selector: string): Locator => page.frameLocator("section.page.top iframe.page-frame").locator(selector),
    /** The title of that page. */
    title: page.locator("section.page.top .bar-title"),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Writes a message and sends it. */
export async function write({ find }: Phone, text: string): Promise<void> {
  await find(".composer textarea").fill(text);
  await find(".send-tool").click();
}

/** The user looks away, WeChat ends the mini-program, and the user opens it again. */
export async function startCold({ page }: Phone): Promise<void> {
  await page.getByRole("button", { name: "To background" }).click();
  await page.getByText("In the background; suspended after 5 s").first().waitFor();
  await page.getByRole("button", { name: "End", exact: true }).click();
  await page.getByText("Ended").first().waitFor();
  await page.getByRole("button", { name: "Open the mini-program" }).click();
}
