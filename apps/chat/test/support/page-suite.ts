import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { CHROMIUM, launchBrowser } from "./browser.ts";
import { buildPage } from "./built-page.ts";
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

/** For all of one test, and for the build of the page, in milliseconds: three pages on a busy machine. */
const LIMIT_MS = 150_000;

/** What all tests of a suite with a browser share. Nothing of it is there before the first test. */
export interface PageSuite {
  readonly browser: Browser;
  /** The folder with the built page. */
  readonly built: TemporaryFolder;
}

/** Describes what the built page does in Chromium; skipped where the machine has none. */
export function describePage(name: string, addTests: (suite: PageSuite) => void): void {
  describe.skipIf(CHROMIUM === undefined)(name, { timeout: LIMIT_MS }, () => {
    let browser: Browser;
    let built: TemporaryFolder;

    beforeAll(async () => {
      built = await createTemporaryFolder();
      [browser] = await Promise.all([launchBrowser(), buildPage(built.path)]);
    }, LIMIT_MS);

    afterAll(async () => {
      await browser?.close();
      await built?.[Symbol.asyncDispose]();
    });

    addTests({
      get browser() {
        return browser;
      },
      get built() {
        return built;
      },
    });
  });
}
