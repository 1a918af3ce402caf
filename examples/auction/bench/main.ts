/**
 * How long a bidder waits for the answer while a thousand people watch. The server is a process of its own; spectators and
 * bidders are in this one, and their reading is part of the time. Spectators read every frame and parse none.
 */
import { spawn } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { z } from "zod";

const SPECTATORS = 1_000;
const BIDS_PER_SECOND = 50;
const WARM_UP_BIDS = 250;
const MEASURED_BIDS = 1_500;
const JOINING_AT_ONCE = 50;

const started = z.object({ port: z.number(), auctionId: z.number(), bidders: z.array(z.string()) });
const reply = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.literal("phx_reply"),
  z.object({ response: z.unknown() }),
]);
const judged = z.object({ result: z.string(), amount: z.number() });

const loadBefore = loadavg()[0] ?? 0;
const child = spawn(
  process.execPath,
  ["--conditions=source", "--import", "tsx", fileURLToPath(new URL("server.ts", import.meta.url))],
  {
    stdio: ["pipe", "pipe", "inherit"],
  },
);
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const first: IteratorResult<string, undefined> = await lines.next();
const { port, auctionId, bidders } = started.parse(JSON.parse(first.value ?? ""));
const topic = `auction:${auctionId}`;
let deliveries = 0;

/** Joins the auction; `hear` is given every frame after the answer to the join. */
function join(token: string, hear: (frame: string) => void): Promise<WebSocket> {
  const query = new URLSearchParams({ vsn: "2.0.0", ...(token !== "" && { token }) });
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/socket/websocket?${query.toString()}`);
  return new Promise((resolve, reject) => {
    webSocket.once("error", reject);
    webSocket.once("open", () => webSocket.send(JSON.stringify(["1", "1", topic, "phx_join", {}])));
    webSocket.once("message", () => {
      webSocket.on("message", (data: Buffer) => hear(data.toString("latin1")));
      resolve(webSocket);
    });
  });
}

const spectators: WebSocket[] = [];
while (spectators.length < SPECTATORS)
  spectators.push(...(await Promise.all(Array.from({ length: JOINING_AT_ONCE }, () => join("", () => deliveries++)))));

let price = 99;
let lastRef = 1;
const sentAt = new Map<string, number>();
const waits: number[] = [];
const results = new Map<string, number>();
const answered = new Set<() => void>();

function hearAnswer(frame: string): void {
  if (!frame.includes("phx_reply")) return;
  const [, ref, , , { response }] = reply.parse(JSON.parse(frame));
  const at = sentAt.get(ref);
  if (at === undefined) return;
  const { result, amount } = judged.parse(response);
  waits.push(performance.now() - at);
  results.set(result, (results.get(result) ?? 0) + 1);
  if (result === "OK") price = Math.max(price, amount);
  for (const look of answered) look();
}

const links = await Promise.all(bidders.map((token) => join(token, hearAnswer)));

/** Places that many bids at a steady pace, whether or not earlier ones were answered, and waits for all answers. */
async function bid(count: number): Promise<void> {
  const all = waits.length + count;
  const done = new Promise<void>((resolve) => {
    const look = (): void => {
      if (waits.length < all) return;
      answered.delete(look);
      resolve();
    };
    answered.add(look);
  });
  const begunAt = performance.now();
  let placed = 0;
  const pace = setInterval(() => {
    // A timer that comes late places what it has missed.
    for (; placed < count && placed * (1_000 / BIDS_PER_SECOND) <= performance.now() - begunAt; placed++) {
      const ref = String(++lastRef);
      const payload = { clientBidId: `bench-bid-${ref}`, amount: price + 1 };
      sentAt.set(ref, performance.now());
      links[lastRef % links.length]?.send(JSON.stringify(["1", ref, topic, "bid", payload]));
    }
    if (placed === count) clearInterval(pace);
  }, 1);
  await done;
}

await bid(WARM_UP_BIDS);
waits.length = 0;
results.clear();
deliveries = 0;
const begunAt = performance.now();
await bid(MEASURED_BIDS);
const seconds = (performance.now() - begunAt) / 1_000;

const sorted = waits.toSorted((one, other) => one - other);
const quantile = (share: number): string => `${(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(1)} ms`;
const database = process.env["HUTONG_DATABASE_URL"] === undefined ? "SQLite" : "PostgreSQL";
console.table({
  machine: `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${process.platform} ${release().split(/[-+]/, 1)[0] ?? ""}, Node ${process.version}, ${database}`,
  "load before and after": `${loadBefore.toFixed(2)}, ${(loadavg()[0] ?? 0).toFixed(2)}`,
  "spectators, bidders": `${SPECTATORS}, ${links.length}`,
  "bids per second": (MEASURED_BIDS / seconds).toFixed(1),
  results: [...results].map(([result, count]) => `${count} ${result}`).join(", "),
  "frames to spectators per second": Math.round(deliveries / seconds),
  "answer, median": quantile(0.5),
  "answer, 99th percentile": quantile(0.99),
  "answer, longest": quantile(1),
});

for (const webSocket of [...spectators, ...links]) webSocket.terminate();
child.stdin.end();
