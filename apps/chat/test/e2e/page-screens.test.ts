import { expect, test } from "vitest";
import { STEP_LIMIT_MS } from "../support/browser.ts";
import { describePage } from "../support/page-suite.ts";
import { Person } from "../support/person.ts";
import { startRunningChat } from "../support/running-chat.ts";
import { SCREENS } from "../support/screens.ts";
import { startTalks } from "../support/talks.ts";
import { violationsOf } from "../support/violations.ts";

const PHONE = { width: 390, height: 844 };

/** Sizes of the window and themes; what is wrong in one of them is often right in the others. */
const LOOKS = [
  { width: 1280, height: 800, theme: "light" },
  { width: 1280, height: 800, theme: "dark" },
  { ...PHONE, theme: "light" },
  { ...PHONE, theme: "dark" },
] as const;

describePage("the chat page for everybody", (suite) => {
  for (const { width, height, theme } of LOOKS)
    test(`no screen breaks WCAG 2 at levels A and AA, ${width} pixels wide and ${theme}`, async () => {
      await using chat = await startRunningChat(suite.built.path);
      const { direct, group, username } = await startTalks(chat.url);
      await using ada = await Person.signIn(suite.browser, chat.url, username);
      const { page } = ada;
      const found: string[] = [];
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height });

      for (const { name, path, act, shows } of SCREENS) {
        await ada.goTo(path.replace("{direct}", direct).replace("{group}", group));
        await act?.(page);
        await shows(page).first().waitFor({ timeout: STEP_LIMIT_MS });
        for (const line of await violationsOf(page)) found.push(`${name}: ${line}`);
      }

      expect(found.join("\n\n")).toBe("");
      expect(ada.errors).toEqual([]);
    });

  test("the gate breaks WCAG 2 in neither theme, whichever way in is chosen", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const page = await suite.browser.newPage({ locale: "en-GB", viewport: PHONE, reducedMotion: "reduce" });
    await page.goto(chat.url);
    const found: string[] = [];

    for (const way of ["Sign in", "Register", "Visit"]) {
      await page.getByRole("radio", { name: way }).check({ force: true });
      for (const theme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: theme });
        for (const line of await violationsOf(page)) found.push(`${way}, ${theme}: ${line}`);
      }
    }
    await page.close();

    expect(found.join("\n\n")).toBe("");
  });
});
