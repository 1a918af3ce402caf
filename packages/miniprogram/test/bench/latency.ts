import { BrowserPhone, launchBrowser, projectFolder } from "../support/browser-phone.ts";

// Measures a tap on its way: view → bus → logic layer → bus → view, until the
// document has changed. Run with HUTONG_TEST_CHROMIUM set:
// node --conditions=source --import tsx packages/miniprogram/test/bench/latency.ts

const WARM_UP = 50;
const TAPS = 300;

const browser = await launchBrowser();
const phone = await BrowserPhone.open(browser, {
  project: projectFolder("list"),
  reload: false,
  query: "?path=/pages/list/list",
});
await phone.find(".item").first().waitFor();
const times = await phone.find("body").evaluate(
  async (body, { count }) => {
    const items = [...body.querySelectorAll(".item")].slice(0, count);
    const results: number[] = [];
    for (const item of items) {
      const changed = new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve();
        });
        observer.observe(item, { childList: true, subtree: true });
      });
      const start = performance.now();
      if (item instanceof HTMLElement) item.click();
      await changed;
      results.push(performance.now() - start);
    }
    return results;
  },
  { count: WARM_UP + TAPS },
);
const sorted = times.slice(WARM_UP).toSorted((left, right) => left - right);
const at = (share: number): string => `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)} ms`;
console.log(
  `tap → logic → document in a list of 1,000: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, ${sorted.length} taps`,
);
await phone[Symbol.asyncDispose]();
await browser.close();
