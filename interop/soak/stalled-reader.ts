import { Socket } from "node:net";
import { HistoryChecker } from "@hutong/testing";
import { WebSocket } from "ws";
import { readOptions } from "../../tools/program-options.ts";
import { percentile, pause } from "./measuring.ts";
import { hutongClient } from "./soak-clients.ts";
import { SoakLog, SoakProcess } from "./soak-process.ts";

const values = readOptions(
  `npm run soak:stalled-reader -- [options]

One client of a busy room stops reading. What waits for it stays below the hard limit, the others do not notice, and
when it reads again it is given what it missed, without loading anew. The first half of the run, without the stalled
one, is the control. Of the others a few measure; the rest read and throw away.`,
  {
    clients: { type: "string", default: "1000", isNumber: true, about: "how many" },
    rate: { type: "string", default: "500", isNumber: true, about: "messages per second" },
    seconds: { type: "string", default: "15", isNumber: true, about: "of each half" },
    bytes: { type: "string", default: "200", isNumber: true, about: "per message" },
  },
);
const clientCount = Number(values.clients);
const halfMs = Number(values.seconds) * 1_000;
const TOPIC = "room:1";
const HARD_LIMIT_BYTES = 1_048_576;
/** Of a topic that only the stalled reader is on: enough to fill the buffers of the system, which hide a stall for a while. */
const [HEAVY_TOPIC, HEAVY_COUNT, HEAVY_BYTES] = ["room:2", 5, 20_000];
const PUBLISH_EVERY_MS = 50;
const MEASURING_COUNT = 20;
const CATCH_UP_LIMIT_MS = 60_000;
/** A change of p99 up to this factor, and this many milliseconds, is noise on a shared machine. */
const [NOISE_FACTOR, NOISE_MS] = [2, 50];

await using log = await SoakLog.create();
await using server = await SoakProcess.start({ log, maxCount: 50_000 });
const checker = new HistoryChecker();
let latencies: number[] = [];

function openReader(isMeasuring: boolean): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${server.port}/socket/websocket?vsn=2.0.0`, {
      perMessageDeflate: false,
    });
    webSocket.once("error", reject);
    webSocket.once("open", () => webSocket.send(JSON.stringify(["1", "1", TOPIC, "phx_join", {}])));
    webSocket.once("message", () => {
      if (!isMeasuring) discard(webSocket);
      resolve(webSocket);
    });
    if (isMeasuring) webSocket.on("message", (data: Buffer) => note(data.toString("utf8")));
  });
}

/** Takes the reading over from `ws`: to parse 500,000 frames a second is not what is measured here. */
function discard(webSocket: WebSocket): void {
  const socket: unknown = Reflect.get(webSocket, "_socket");
  if (!(socket instanceof Socket)) throw new TypeError("this version of ws keeps its socket elsewhere");
  socket.removeAllListeners("data");
  socket.on("data", () => {});
}

function note(text: string): void {
  const atMs = /"atMs":(\d+)/.exec(text)?.[1];
  if (atMs !== undefined) latencies.push(Date.now() - Number(atMs));
}

let messageCount = 0;
async function publishFor(ms: number): Promise<number> {
  const perTurn = Math.max(1, Math.round((Number(values.rate) * PUBLISH_EVERY_MS) / 1_000));
  latencies = [];
  const endMs = performance.now() + ms;
  for (let nextMs = performance.now(); performance.now() < endMs; nextMs += PUBLISH_EVERY_MS) {
    const ids = Array.from({ length: perTurn }, () => `m${++messageCount}`);
    await server.publish(TOPIC, ids, Number(values.bytes));
    const heavyIds = Array.from({ length: HEAVY_COUNT }, () => `heavy${++messageCount}`);
    await server.publish(HEAVY_TOPIC, heavyIds, HEAVY_BYTES);
    await pause(Math.max(0, nextMs + PUBLISH_EVERY_MS - performance.now()));
  }
  return percentile(latencies, 0.99);
}

const readers: WebSocket[] = [];
while (readers.length < clientCount - 1) {
  const count = Math.min(20, clientCount - 1 - readers.length);
  readers.push(
    ...(await Promise.all(
      Array.from({ length: count }, (_, index) => openReader(readers.length + index < MEASURING_COUNT)),
    )),
  );
}
const heartbeat = setInterval(
  () => readers.forEach((reader) => reader.send('[null,"h","phoenix","heartbeat",{}]')),
  20_000,
);

await publishFor(2_000);
const controlMs = await publishFor(halfMs);
const sockets: WebSocket[] = [];
const load = (topic: string): ReturnType<typeof server.top> => server.top(topic);
const stalled = hutongClient({
  name: "stalled",
  port: server.port,
  topics: [TOPIC, HEAVY_TOPIC],
  checker,
  load,
  // A client that does not read does not see the answer either, and would give the link up.
  heartbeatMs: 60_000,
  opened: (webSocket) => sockets.push(webSocket),
});
await stalled.joined;
await server.stats();
sockets.at(-1)?.pause();
const stalledMs = await publishFor(halfMs);
const { peakBytes } = await server.stats();
sockets.at(-1)?.resume();
await server.publish(TOPIC, ["last"]);
await server.publish(HEAVY_TOPIC, ["last heavy"]);
await log.tell(checker);
const endMs = performance.now() + CATCH_UP_LIMIT_MS;
let verdict = checker.judge();
while (verdict.violation !== undefined && performance.now() < endMs) {
  await pause(200);
  verdict = checker.judge();
}
clearInterval(heartbeat);
stalled.close();
for (const reader of readers) reader.terminate();

const isCalm = stalledMs <= controlMs * NOISE_FACTOR + NOISE_MS;
// Nothing that waits would say that the server has not noticed.
const isBounded = peakBytes > 0 && peakBytes <= HARD_LIMIT_BYTES;
console.log(
  `stalled-reader: ${clientCount} clients, ${values.rate} messages/s; p99 ${controlMs} ms without and ${stalledMs} ms with a stalled reader; at most ${peakBytes} bytes waited for it; it was given ${verdict.delivered}, ${verdict.missing} missing, ${verdict.resets} resets, ${sockets.length} connections`,
);
if (verdict.violation !== undefined) console.log(verdict.violation);
process.exitCode = isCalm && isBounded && verdict.violation === undefined && verdict.resets === 0 ? 0 : 1;
