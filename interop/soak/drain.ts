import { HistoryChecker } from "@hutong/testing";
import { readOptions } from "../../tools/program-options.ts";
import { pause } from "./measuring.ts";
import { hutongClient, type SoakClient } from "./soak-clients.ts";
import { SoakLog, SoakProcess } from "./soak-process.ts";

const values = readOptions(
  `npm run soak:drain -- [options]

A server under load is asked to end, and another takes its port. The first exits with 0 before its deadline; every
client comes back, is told that the history is a new one, loads anew, and is then given everything.`,
  {
    clients: { type: "string", default: "2000", isNumber: true, about: "how many" },
    topics: { type: "string", default: "20", isNumber: true, about: "how many" },
  },
);
const clientCount = Number(values.clients);
const topics = Array.from({ length: Number(values.topics) }, (_, index) => `room:${index + 1}`);
const DEADLINE_MS = 15_000;
const COME_BACK_LIMIT_MS = 90_000;
const OPENING_AT_ONCE = 50;
const PUBLISH_EVERY_MS = 50;

await using log = await SoakLog.create();
const first = await SoakProcess.start({ log });
let current = first;
const checker = new HistoryChecker();
const clients: SoakClient[] = [];

function open(index: number): SoakClient {
  return hutongClient({
    name: `client${index + 1}`,
    port: first.port,
    topics: [topics[index % topics.length] ?? ""],
    checker,
    load: (topic) => current.top(topic),
    heartbeatMs: 10_000,
  });
}

let messageCount = 0;
/** Publishes until it is told to stop; what a server did not take is published again at the next. */
async function publish(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const topic = topics[messageCount % topics.length] ?? "";
    const id = `m${++messageCount}`;
    while (!signal.aborted) {
      try {
        await current.publish(topic, [id]);
        break;
      } catch {
        await pause(PUBLISH_EVERY_MS); // the server is gone, and the next not there yet
      }
    }
    await pause(PUBLISH_EVERY_MS / 5);
  }
}

while (clients.length < clientCount) {
  const count = Math.min(OPENING_AT_ONCE, clientCount - clients.length);
  const opened = Array.from({ length: count }, (_, index) => open(clients.length + index));
  clients.push(...opened);
  await Promise.all(opened.map(({ joined }) => joined));
}
const stopped = new AbortController();
const publishing = publish(stopped.signal);
await pause(2_000);

const startedAtMs = performance.now();
const next = SoakProcess.start({ port: first.port, log });
const code = await first.drain();
const drainMs = Math.round(performance.now() - startedAtMs);
current = await next;
const listeningMs = Math.round(performance.now() - startedAtMs);
const endMs = performance.now() + COME_BACK_LIMIT_MS;
while ((await current.stats()).connections < clientCount && performance.now() < endMs) await pause(250);
const backMs = Math.round(performance.now() - startedAtMs);
await pause(2_000);
stopped.abort();
await publishing;
for (const topic of topics) await current.publish(topic, [`last of ${topic}`]);
await log.tell(checker);
let verdict = checker.judge();
while (verdict.violation !== undefined && performance.now() < endMs) {
  await pause(500);
  verdict = checker.judge();
}
const { connections } = await current.stats();
console.log(
  `drain: ${clientCount} clients; exit ${code} after ${drainMs} ms, the next listens after ${listeningMs} ms, ${connections} clients are back after ${backMs} ms; ${verdict.kept} kept, ${verdict.delivered} delivered, ${verdict.missing} missing, ${verdict.duplicates} duplicate, ${verdict.reordered} reordered, ${verdict.resets} resets`,
);
if (verdict.violation !== undefined) console.log(verdict.violation);
const isGood = code === 0 && drainMs < DEADLINE_MS && connections === clientCount && verdict.violation === undefined;
for (const client of clients) client.close();
await current[Symbol.asyncDispose]();
process.exitCode = isGood && verdict.resets <= clientCount ? 0 : 1;
