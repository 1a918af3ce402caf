import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { partOf } from "../load/performance-page.ts";
import { toTable } from "../load/tables.ts";
import { type Figures, medianOf, medianRatio } from "./figures.ts";
import type { ChatBenchResult } from "./result.ts";
import type { SendResult, SendScenario } from "./send-bench.ts";

const PAGE = fileURLToPath(new URL("../../docs/explanation/chat-delivery.md", import.meta.url));

const TITLES: Readonly<Record<SendScenario, string>> = {
  direct: "one to one, many conversations",
  group: "one group",
};
/** Share of the bare database's rate that the chat is to reach. */
const TARGET_RATIO = 0.5;
/** What a query may take at the median, in milliseconds. */
const TARGET_MS = 20;

/** The parts of the delivery page that come from a result file, by the name of their place. */
export function deliveryParts(name: string, result: ChatBenchResult): ReadonlyMap<string, string> {
  return new Map([
    ["environment", environmentList(name, result)],
    ["sends", sendsTable(result)],
    ["queries", queriesTable(result)],
  ]);
}

/** Puts a result into the delivery page. */
export function renderDeliveryPage(name: string, result: ChatBenchResult): void {
  let page = readFileSync(PAGE, "utf8");
  for (const [place, text] of deliveryParts(name, result)) {
    const old = partOf(page, place);
    if (old !== undefined) page = page.replace(`<!-- ${place} -->\n\n${old}\n`, () => `<!-- ${place} -->\n\n${text}\n`);
  }
  writeFileSync(PAGE, page);
}

function environmentList(name: string, { day, environment, engines }: ChatBenchResult): string {
  const { cpu, cores, memoryGib, kernel, node, loadBefore, loadAfter } = environment;
  const rounds = engines[0]?.sends[0]?.chat.length ?? 0;
  const loads = engines.map(
    ({ engine, loaded }) => `${engine} ${loaded.messages} messages, indexed in ${Math.round(loaded.indexMs / 1_000)} s`,
  );
  return [
    `- File: [\`${name}\`](../../bench/results/${name}), ${day}, medians of ${rounds} rounds`,
    `- Machine: ${cpu}, ${cores} cores, ${memoryGib} GiB; ${kernel}; Node ${node.slice(1)}`,
    `- Load average before the run ${loadBefore}, after it ${loadAfter}; the run itself accounts for up to 3`,
    `- Loaded for the queries: ${loads.join("; ")}`,
  ].join("\n");
}

function sendsTable({ engines }: ChatBenchResult): string {
  const rows = engines.flatMap(({ engine, sends }) =>
    sends.flatMap((send) => [
      sendRow([engine, TITLES[send.id], "hutong"], send, send.chat),
      sendRow([engine, TITLES[send.id], "bare database"], send, send.bare),
      sendRow([engine, TITLES[send.id], "bare, 64 a commit"], send, send.batched),
    ]),
  );
  return toTable(["database", "traffic", "", "messages/s", "p50 ms", "p99 ms", "CPU µs", "hutong ÷ it", ""], rows);
}

function sendRow(head: readonly string[], { chat, bare }: SendResult, rounds: readonly Figures[]): readonly string[] {
  const { perSecond, p50Ms, p99Ms, cpuMicros } = medianOf(rounds);
  const ratio = rounds === chat ? undefined : medianRatio(chat, rounds);
  // The batches are there for comparison: a client's message does not wait for 63 others.
  const verdict = rounds !== bare ? "" : (ratio ?? 0) >= TARGET_RATIO ? "met" : "not met";
  return [...head, ...[perSecond, p50Ms, p99Ms, cpuMicros, ratio ?? ""].map(String), verdict];
}

function queriesTable({ engines }: ChatBenchResult): string {
  const ids = engines[0]?.loaded.queries.map(({ id }) => id) ?? [];
  const rows = ids.map((id) => {
    const cells = engines.map(({ loaded }) => loaded.queries.find((query) => query.id === id)?.figures);
    const isMet = cells.every((figures) => figures !== undefined && figures.p50Ms < TARGET_MS);
    return [
      id,
      ...cells.map((figures) => (figures === undefined ? "–" : `${figures.p50Ms} · ${figures.p99Ms}`)),
      isMet ? "met" : "not met",
    ];
  });
  return toTable(["call", ...engines.map(({ engine }) => `${engine}, ms`), `p50 < ${TARGET_MS} ms`], rows);
}
