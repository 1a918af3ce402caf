import { WebSocket } from "ws";
import { readOptions } from "../../tools/program-options.ts";
import { pause } from "./measuring.ts";
import { SoakProcess } from "./soak-process.ts";

const values = readOptions(
  `npm run soak:idle -- [options]

Many joined connections idle for a minute on one process, as clients do: with a heartbeat every 30 s. Then each is
asked, and every one has to answer.`,
  {
    clients: { type: "string", default: "10000", isNumber: true, about: "how many" },
    seconds: { type: "string", default: "60", isNumber: true, about: "how long they idle" },
  },
);
const clientCount = Number(values.clients);
const idleMs = Number(values.seconds) * 1_000;
const OPENING_AT_ONCE = 200;
const CLIENTS_PER_TOPIC = 10;
const HEARTBEAT_MS = 30_000;
const ANSWER_LIMIT_MS = 30_000;
const KIBIBYTE = 1_024;

/** Resolves with whether a frame with this ref comes in time. */
function answered(webSocket: WebSocket, ref: string): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ANSWER_LIMIT_MS);
    const settle = (isAnswered: boolean): void => {
      clearTimeout(timer);
      webSocket.off("message", look);
      resolve(isAnswered);
    };
    const look = (data: Buffer): void => {
      const [, frameRef]: readonly unknown[] = JSON.parse(data.toString("utf8"));
      if (frameRef === ref) settle(true);
    };
    webSocket.on("message", look).once("close", () => settle(false));
  });
}

async function join(port: number, index: number): Promise<WebSocket> {
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/socket/websocket?vsn=2.0.0`, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    webSocket.once("open", () => resolve()).once("error", reject);
  });
  const topic = `room:${Math.floor(index / CLIENTS_PER_TOPIC)}`;
  const isJoined = answered(webSocket, "join");
  webSocket.send(JSON.stringify(["join", "join", topic, "phx_join", {}]));
  if (!(await isJoined)) throw new Error(`client ${index} could not join ${topic}`);
  return webSocket;
}

function beat(webSocket: WebSocket, ref: string): void {
  webSocket.send(JSON.stringify([null, ref, "phoenix", "heartbeat", {}]));
}

await using server = await SoakProcess.start();
const before = await server.stats();
const webSockets: WebSocket[] = [];
while (webSockets.length < clientCount) {
  const count = Math.min(OPENING_AT_ONCE, clientCount - webSockets.length);
  const first = webSockets.length;
  webSockets.push(
    ...(await Promise.all(Array.from({ length: count }, (_, index) => join(server.port, first + index)))),
  );
}
console.log(`${webSockets.length} clients have joined`);
for (let idledMs = 0; idledMs < idleMs; idledMs += HEARTBEAT_MS) {
  await pause(Math.min(HEARTBEAT_MS, idleMs - idledMs));
  for (const webSocket of webSockets) beat(webSocket, "beat");
}
const after = await server.stats();
const answers = webSockets.map((webSocket) => answered(webSocket, "asked"));
for (const webSocket of webSockets) beat(webSocket, "asked");
const answeredCount = (await Promise.all(answers)).filter(Boolean).length;
const kibibytes = (after.rss - before.rss) / clientCount / KIBIBYTE;
console.log(
  `idle: ${answeredCount} of ${clientCount} answered after ${values.seconds} s; ${kibibytes.toFixed(1)} KiB of resident memory per connection, its channel and its presence`,
);
for (const webSocket of webSockets) webSocket.terminate();
process.exitCode = answeredCount === clientCount ? 0 : 1;
