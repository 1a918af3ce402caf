import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import type { Session } from "@hutong/chat-api";
import { uuidv7 } from "uuidv7";
import { WebSocket } from "ws";
import { type Figures, figuresOf } from "./figures.ts";
import type { Speech } from "./speech.ts";

/** How long and how hard a load is. */
export interface LoadOptions {
  readonly warmMs: number;
  readonly measuredMs: number;
  /** Messages on their way at a time, over all connections. */
  readonly lanes: number;
  /** The server's process. */
  readonly pid: number;
}

const HEARTBEAT_MS = 20_000;

/** One user's connection on its inbox, which reads as little of what it gets as it can: the server is measured. */
export class InboxConnection implements AsyncDisposable {
  readonly #webSocket: WebSocket;
  readonly #topic: string;
  readonly #waiting = new Map<string, { resolve(frame: string): void; reject(error: Error): void }>();
  readonly #heartbeat: NodeJS.Timeout;
  #refCount = 1;

  private constructor(webSocket: WebSocket, topic: string) {
    this.#webSocket = webSocket;
    this.#topic = topic;
    webSocket.on("message", (data: Buffer) => {
      // Replies begin with the join's ref and their own; a push has none.
      if (data[0] !== 0x5b || data[5] !== 0x22) return;
      const frame = data.toString("utf8");
      const ref = frame.slice(6, frame.indexOf('"', 6));
      this.#waiting.get(ref)?.resolve(frame);
      this.#waiting.delete(ref);
    });
    webSocket.on("close", (code) => {
      for (const waiting of this.#waiting.values())
        waiting.reject(new Error(`the chat closed the connection with ${code}`));
    });
    // The server closes a connection that says nothing for a minute.
    this.#heartbeat = setInterval(() => webSocket.send('[null,"h","phoenix","heartbeat",{}]'), HEARTBEAT_MS).unref();
  }

  /** Connects and joins. */
  static async open(url: string, { me, accessToken }: Session): Promise<InboxConnection> {
    const token = Buffer.from(accessToken).toString("base64").replaceAll("=", "");
    const address = `${url.replace(/^http/, "ws")}/socket/websocket?vsn=2.0.0`;
    const webSocket = new WebSocket(address, ["phoenix", `base64url.bearer.phx.${token}`], {
      perMessageDeflate: false,
    });
    await once(webSocket, "open");
    const connection = new InboxConnection(webSocket, `inbox:${me.id}`);
    await connection.push("phx_join", {});
    return connection;
  }

  /** Resolves with the answer. Rejects when it is a refusal. */
  async push(event: string, payload: object): Promise<string> {
    const ref = String(this.#refCount++);
    const answered = new Promise<string>((resolve, reject) => this.#waiting.set(ref, { resolve, reject }));
    this.#webSocket.send(JSON.stringify(["1", ref, this.#topic, event, payload]));
    const frame = await answered;
    if (!frame.includes('"status":"ok"')) throw new Error(`${event} was refused: ${frame.slice(0, 200)}`);
    return frame;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#webSocket.terminate();
  }
}

/** Sends through the server, each lane a message when its last one is acknowledged. */
export async function sendThroughServer(
  connections: ReadonlyMap<string, InboxConnection>,
  speech: Speech,
  { warmMs, measuredMs, lanes, pid }: LoadOptions,
): Promise<Figures> {
  const startMs = performance.now() + warmMs;
  const endMs = startMs + measuredMs;
  const delaysMs: number[] = [];
  let next = 0;
  const before = cpuMicrosOf(pid);
  const lane = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const { conversationId, senderId, text } = speech.turn(next++);
      const begunMs = performance.now();
      const input = { conversationId, clientMessageId: uuidv7(), content: { type: "text", body: { text } } };
      await connections.get(senderId)?.push("send_message", input);
      const nowMs = performance.now();
      if (begunMs >= startMs && nowMs <= endMs) delaysMs.push(nowMs - begunMs);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return figuresOf({ delaysMs, measuredMs, cpuMicros: cpuMicrosOf(pid) - before, count: next });
}

/** Clock ticks of Linux are hundredths of a second. */
const MICROS_PER_TICK = 10_000;

/** CPU time that a process has used, in microseconds; 0 where the system does not tell. */
export function cpuMicrosOf(pid: number): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return 0;
  // The name of the program, in parentheses, may hold spaces; user and system time are 12 and 13 fields behind it.
  const fields = readFileSync(path, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK;
}
