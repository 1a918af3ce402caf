import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release } from "node:os";
import { fileURLToPath } from "node:url";
import type { Browser, Frame } from "playwright-core";
import { readOptions } from "../../../../tools/program-options.ts";
import { BrowserPhone, launchBrowser, projectFolder } from "../support/browser-phone.ts";

const WARM_UP = 50;
const COUNT = 300;
const ROUNDS = 3;
const REPOSITORY = new URL("../../../../", import.meta.url);
const FOLDER = fileURLToPath(new URL("bench/results/miniprogram/", REPOSITORY));
/** The page with the latest figures, and where they stand in it. */
const PAGE = fileURLToPath(new URL("docs/explanation/mini-program-runner.md", REPOSITORY));
const FIGURES = /(?<=<!-- figures -->\n)[^]*(?=<!-- end of figures -->)/;

/** What was measured, by the name that the result file has for it. */
const MEASURED = {
  runner: "tap → logic layer → document, one of 1,000 items",
  plainDocument: "control: tap → document, without a logic layer",
  workerThereAndBack: "control: a message to a Worker and back",
} as const;

type Name = keyof typeof MEASURED;
/** In milliseconds. */
type Percentiles = Readonly<Record<"p50" | "p90" | "p99", number>>;

/** Taps items of the list one by one, each after the change of the one before. */
function tapItems(frame: Frame, count: number): Promise<number[]> {
  return frame.evaluate(async (limit) => {
    const times: number[] = [];
    for (const item of [...document.querySelectorAll<HTMLElement>(".item")].slice(0, limit)) {
      const changed = new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve();
        });
        observer.observe(item, { childList: true, subtree: true });
      });
      const start = performance.now();
      item.click();
      await changed;
      times.push(performance.now() - start);
    }
    return times;
  }, count);
}

/** The same with a list of the document's own, whose items are changed by the listener of the tap. */
async function tapPlainItems(frame: Frame, count: number): Promise<number[]> {
  await frame.evaluate((limit) => {
    const list = document.createElement("div");
    for (let index = 0; index < limit; index++) {
      const item = document.createElement("div");
      item.className = "item";
      item.append(`Item ${index}`);
      item.addEventListener("click", () => item.append("✓"));
      list.append(item);
    }
    document.body.replaceChildren(list);
  }, 1_000);
  return tapItems(frame, count);
}

/** In a page of its own: the frames of a mini-program may not start a Worker. */
async function askWorker(browser: Browser, count: number): Promise<number[]> {
  const page = await browser.newPage();
  const times = await page.evaluate(async (limit) => {
    const code = "onmessage = ({ data }) => postMessage(data)";
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    const results: number[] = [];
    for (let index = 0; index < limit; index++) {
      const answered = new Promise((resolve) => worker.addEventListener("message", resolve, { once: true }));
      const start = performance.now();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a Worker has no origin to name
      worker.postMessage({ index });
      await answered;
      results.push(performance.now() - start);
    }
    worker.terminate();
    return results;
  }, count);
  await page.close();
  return times;
}

function percentiles(times: readonly number[]): Percentiles {
  const sorted = times.slice(WARM_UP).toSorted((left, right) => left - right);
  const at = (share: number): number => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 100) / 100;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

async function measure(browser: Browser): Promise<Readonly<Record<Name, Percentiles>>> {
  await using phone = await BrowserPhone.open(browser, {
    project: projectFolder("list"),
    reload: false,
    query: "?path=/pages/list/list",
  });
  await phone.find(".item").first().waitFor();
  const frame = phone.page.frames().find((one) => one.url().includes("/view.html"));
  if (frame === undefined) throw new Error("the page of the mini-program has no frame");
  return {
    runner: percentiles(await tapItems(frame, WARM_UP + COUNT)),
    plainDocument: percentiles(await tapPlainItems(frame, WARM_UP + COUNT)),
    workerThereAndBack: percentiles(await askWorker(browser, WARM_UP + COUNT)),
  };
}

/** Mean number of processes that wanted to run in the last minute. */
function currentLoad(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** Of several rounds, the one in the middle by its 90th percentile. */
function median(rounds: readonly Percentiles[]): Percentiles {
  const sorted = rounds.toSorted((left, right) => left.p90 - right.p90);
  return sorted[Math.floor(sorted.length / 2)] ?? { p50: 0, p90: 0, p99: 0 };
}

const values = readOptions(
  `npm run bench:miniprogram -- [options]

Measures a tap on its way, view → bus → logic layer → bus → view, until the document has changed, and beside it what the
browser takes for the ends alone. HUTONG_TEST_CHROMIUM names the browser.`,
  {
    name: { type: "string", default: `${process.platform}-${process.arch}`, about: "in the name of the result file" },
    smoke: { type: "boolean", default: false, about: "one round, which writes nothing" },
  },
);
const loadBefore = currentLoad();
const browser = await launchBrowser();
const rounds: Readonly<Record<Name, Percentiles>>[] = [];
for (let round = 0; round < (values.smoke ? 1 : ROUNDS); round++) rounds.push(await measure(browser));
const environment = {
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  kernel: `${process.platform} ${release().split(/[-+]/, 1)[0]}`,
  node: process.version,
  browser: `Chromium ${browser.version()}`,
  loadBefore,
  loadAfter: currentLoad(),
};
await browser.close();

/** Lines of a table as the formatter of the repository writes them. */
function tableOf(rows: readonly (readonly string[])[]): readonly string[] {
  const [header = []] = rows;
  const widths = header.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const padded = rows.map((row) =>
    line(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))),
  );
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [...padded.slice(0, 1), line(rule), ...padded.slice(1)];
}

const figuresOf = (name: Name): readonly string[] => {
  const { p50, p90, p99 } = median(rounds.map((round) => round[name]));
  return [MEASURED[name], `${p50} ms`, `${p90} ms`, `${p99} ms`];
};
const names: readonly Name[] = ["runner", "plainDocument", "workerThereAndBack"];
const table = tableOf([["what", "p50", "p90", "p99"], ...names.map(figuresOf)]);
console.log(table.join("\n"));
if (!values.smoke) {
  const day = new Date().toISOString().slice(0, 10);
  const file = `${day}-${values.name}.json`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FOLDER + file, `${JSON.stringify({ day, environment, tapsPerRound: COUNT, rounds }, undefined, 1)}\n`);
  const { cpu, cores, kernel, node, browser: program, loadBefore: before, loadAfter: after } = environment;
  const figures = [
    "",
    ...table,
    "",
    `[\`${file}\`](../../bench/results/miniprogram/${file}): ${ROUNDS} rounds of ${COUNT} taps, of which the one with the middle p90 is shown;`,
    `${cpu}, ${cores} cores, ${kernel}, Node ${node}, ${program}; ${before} processes wanted to run before, ${after} after.`,
    "",
    "",
  ];
  writeFileSync(PAGE, readFileSync(PAGE, "utf8").replace(FIGURES, figures.join("\n")));
}
