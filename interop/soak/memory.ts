import { HistoryChecker } from "@hutong/testing";
import { readOptions } from "../../tools/program-options.ts";
import { pause } from "./measuring.ts";
import { hutongClient, type SoakClient } from "./soak-clients.ts";
import { SoakProcess } from "./soak-process.ts";

const values = readOptions(
  `npm run soak:memory -- [options]

Connections, joins and presence come and go for minutes. The server's memory, after a collection, ends within a tenth
of where it stood after the first minute.`,
  {
    minutes: { type: "string", default: "10", isNumber: true, about: "how long it runs" },
    clients: { type: "string", default: "200", isNumber: true, about: "how many" },
  },
);
const minutes = Number(values.minutes);
const clientCount = Number(values.clients);
const TURN_MS = 250;
const CHANGED_PER_TURN = 10;
const TOLERANCE = 0.1;
const MEBIBYTE = 1_048_576;

// A short history: one that still fills would pass for a leak.
await using server = await SoakProcess.start({ maxCount: 50 });
const clients: SoakClient[] = [];
let opened = 0;
let published = 0;

function open(): SoakClient {
  opened++;
  const topics = [`room:${opened % 20}`, `room:${(opened % 500) + 100}`];
  // What is delivered is the business of other runs.
  const checker = new HistoryChecker();
  return hutongClient({
    name: `client${opened}`,
    port: server.port,
    topics,
    checker,
    load: (topic) => server.top(topic),
  });
}

async function churn(ms: number): Promise<void> {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    for (let count = 0; count < CHANGED_PER_TURN; count++) {
      if (clients.length >= clientCount) clients.shift()?.close();
      clients.push(open());
    }
    await server.publish(
      `room:${published % 20}`,
      Array.from({ length: 10 }, () => `m${++published}`),
    );
    await pause(TURN_MS);
  }
}

async function measure(minute: number): Promise<number> {
  const { rss, connections } = await server.stats();
  console.log(
    `minute ${minute}: ${(rss / MEBIBYTE).toFixed(1)} MiB, ${connections} connections, ${opened} opened so far`,
  );
  return rss;
}

await churn(60_000);
const first = await measure(1);
let last = first;
for (let minute = 2; minute <= minutes; minute++) {
  await churn(60_000);
  last = await measure(minute);
}
for (const client of clients) client.close();
const change = last / first - 1;
console.log(
  `memory: ${opened} connections in ${minutes} minutes; ${(first / MEBIBYTE).toFixed(1)} MiB after the first, ${(last / MEBIBYTE).toFixed(1)} MiB at the end (${(change * 100).toFixed(1)} %)`,
);
process.exitCode = change <= TOLERANCE ? 0 : 1;
