import axe from "axe-core";
import type { Page } from "playwright-core";

/** The success criteria that are checked: WCAG 2.2, levels A and AA. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Runs in the page: one line for each element that breaks a rule. */
const RUN = `(async (tags) => {
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html, any, all, none }) => {
      const [reason] = [...any, ...all, ...none];
      return id + ": " + help + ". " + (reason?.message ?? "") + "\\n  at " + target.join(" ") + "\\n  " + html.slice(0, 200);
    }),
  );
})`;

/** What of the page as it is shown breaks WCAG: the rule, the reason and the element of each violation. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  // As a script of the page it would be refused by the page's own policy.
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(`${RUN}(${JSON.stringify(TAGS)})`);
}
