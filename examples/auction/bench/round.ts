import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { z } from "zod";

/** How a round goes. */
export interface RoundOptions {
  /** Whether the control is measured in place of the auction. */
  readonly isControl: boolean;
  readonly spectatorCount: number;
  /** Bids before the measured ones. */
  readonly warmUpBids: number;
  readonly bids: number;
  readonly bidsPerSecond: number;
}

/** What a round came to. */
export interface Round {
  /** How long each bidder waited for an answer, in milliseconds, the shortest first. */
  readonly waitsMs: readonly number[];
  /** Answers, by what they said. */
  readonly results: ReadonlyMap<string, number>;
  readonly seconds: number;
  /** Frames that the spectators were sent. */
  readonly deliveries: number;
}

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

/** Starts the program, fills the room, and bids. */
export async function measure(options: RoundOptions): Promise<Round> {
  const path = fileURLToPath(new URL("server.ts", import.meta.url));
  const program = ["--conditions=source", "--import", "tsx", path, ...(options.isControl ? ["--control"] : [])];
  const child = spawn(process.execPath, program, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const line: IteratorResult<string, undefined> = await lines.next();
    const { port, auctionId, bidders } = started.parse(JSON.parse(line.value ?? ""));
    await using room = new Room(port, `auction:${auctionId}`);
    await room.fill(options.spectatorCount, bidders);
    await room.bid(options.warmUpBids, options.bidsPerSecond);
    room.forget();
    return await room.bid(options.bids, options.bidsPerSecond);
  } finally {
    child.stdin.end();
  }
}

/** The clients of one auction. Spectators read every frame and parse none. */
class Room implements AsyncDisposable {
  readonly #url: string;
  readonly #topic: string;
  readonly #spectators: WebSocket[] = [];
  readonly #bidders: WebSocket[] = [];
  readonly #sentAt = new Map<string, number>();
  #waitsMs: number[] = [];
  #results = new Map<string, number>();
  #deliveries = 0;
  #price = 99;
  #lastRef = 1;
  #answered = (): void => {};

  constructor(port: number, topic: string) {
    this.#url = `ws://127.0.0.1:${port}/socket/websocket`;
    this.#topic = topic;
  }

  async fill(spectatorCount: number, tokens: readonly string[]): Promise<void> {
    while (this.#spectators.length < spectatorCount) {
      const joins = Array.from({ length: JOINING_AT_ONCE }, () => this.#join("", () => this.#deliveries++));
      this.#spectators.push(...(await Promise.all(joins)));
    }
    const joins = tokens.map((token) => this.#join(token, (frame) => this.#hear(frame)));
    this.#bidders.push(...(await Promise.all(joins)));
  }

  /** Places that many bids at a steady pace, whether or not earlier ones were answered, and waits for all answers. */
  async bid(count: number, perSecond: number): Promise<Round> {
    const all = this.#waitsMs.length + count;
    const done = new Promise<void>((resolve) => {
      this.#answered = () => {
        if (this.#waitsMs.length >= all) resolve();
      };
    });
    const begunAt = performance.now();
    let placed = 0;
    const pace = setInterval(() => {
      // A timer that comes late places what it has missed.
      for (; placed < count && placed * (1_000 / perSecond) <= performance.now() - begunAt; placed++) this.#place();
      if (placed === count) clearInterval(pace);
    }, 1);
    await done;
    return {
      waitsMs: this.#waitsMs.toSorted((one, other) => one - other),
      results: this.#results,
      seconds: (performance.now() - begunAt) / 1_000,
      deliveries: this.#deliveries,
    };
  }

  /** Begins to count anew. */
  forget(): void {
    this.#waitsMs = [];
    this.#results = new Map();
    this.#deliveries = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const webSocket of [...this.#spectators, ...this.#bidders]) webSocket.terminate();
  }

  #place(): void {
    const ref = String(++this.#lastRef);
    const payload = { clientBidId: `bench-bid-${ref}`, amount: this.#price + 1 };
    this.#sentAt.set(ref, performance.now());
    this.#bidders[this.#lastRef % this.#bidders.length]?.send(JSON.stringify(["1", ref, this.#topic, "bid", payload]));
  }

  #hear(frame: string): void {
    if (!frame.includes("phx_reply")) return;
    const [, ref, , , { response }] = reply.parse(JSON.parse(frame));
    const at = this.#sentAt.get(ref);
    if (at === undefined) return;
    const { result, amount } = judged.parse(response);
    this.#waitsMs.push(performance.now() - at);
    this.#results.set(result, (this.#results.get(result) ?? 0) + 1);
    if (result === "OK") this.#price = Math.max(this.#price, amount);
    this.#answered();
  }

  /** Joins the auction; `hear` is given every frame after the answer to the join. */
  #join(token: string, hear: (frame: string) => void): Promise<WebSocket> {
    const query = new URLSearchParams({ vsn: "2.0.0", ...(token !== "" && { token }) });
    const webSocket = new WebSocket(`${this.#url}?${query.toString()}`);
    return new Promise((resolve, reject) => {
      webSocket.once("error", reject);
      webSocket.once("open", () => webSocket.send(JSON.stringify(["1", "1", this.#topic, "phx_join", {}])));
      webSocket.once("message", () => {
        webSocket.on("message", (data: Buffer) => hear(data.toString("latin1")));
        resolve(webSocket);
      });
    });
  }
}
