import { openSync, writeSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { accept, createServer, defineChannel } from "@hutong/server";
import { type HistoryDraft, type HistoryStore, MemoryHistoryStore, systemClock } from "@hutong/server/plugin";
import { actionCableAt, type Listener, listen, phoenixAt } from "@hutong/server/node";

// The server of the soak runs, a process of its own so that it can be killed. It writes every message that its
// history keeps to a file before anybody is given it: that file is the truth which clients are held to.

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    log: { type: "string" },
    "max-count": { type: "string", default: "5000" },
  },
});
const PORT_RETRY_MS = 50;

function recorded(store: MemoryHistoryStore, logPath: string | undefined): HistoryStore {
  const file = logPath === undefined ? undefined : openSync(logPath, "a");
  return {
    append: (topic, draft: HistoryDraft, retention) => {
      const stamp = store.append(topic, draft, retention);
      // Synchronously, so that a kill loses no line whose message anybody has seen.
      if (file !== undefined) writeSync(file, `${JSON.stringify({ topic, stamp, payload: draft.payload })}\n`);
      return stamp;
    },
    read: (topic, query) => store.read(topic, query),
    close: () => store.close(),
  };
}

const store = new MemoryHistoryStore();
const room = defineChannel("room:*", {
  cable: { name: "SoakChannel", topic: ({ id }) => `room:${String(id)}` },
  history: { maxCount: Number(values["max-count"]) },
  join: () => accept(),
  joined: (channel) => void channel.presence.track(channel.connection.id),
});
const server = createServer({
  channels: [room],
  historyStore: recorded(store, values.log),
  // All clients of a soak run come from one address.
  limits: { handshakeBurst: 50_000 },
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const send = (value: unknown): void => void response.end(JSON.stringify(value));
  const topic = url.searchParams.get("topic") ?? "room:1";
  switch (url.pathname) {
    case "/publish": {
      const filler = ".".repeat(Number(url.searchParams.get("bytes") ?? 20));
      const atMs = Number(url.searchParams.get("at") ?? 0);
      for (const id of url.searchParams.getAll("id")) server.broadcast(topic, "said", { id, atMs, filler });
      return send({});
    }
    case "/top":
      return send(store.read(topic, { kind: "last", limit: 0 }).top);
    case "/stats":
      globalThis.gc?.();
      return send({ ...server.stats(), rss: process.memoryUsage().rss, peakBytes: takePeak() });
    default:
      response.writeHead(404).end();
  }
}

/** The most that has waited for one connection since it was asked before, in bytes. */
let peakBytes = 0;

function takePeak(): number {
  const peak = peakBytes;
  peakBytes = 0;
  return peak;
}

// The server alone can notice that nothing comes up an Action Cable link, and does so after this time.
const mounts = [phoenixAt("/socket"), actionCableAt("/cable", { limits: { idleTimeoutMs: 6_000 } })];

/** Listens as soon as the port is free: a server that drains may still have it. */
async function listenWhenFree(port: number): Promise<Listener> {
  for (;;) {
    try {
      return await listen(server, { port, mounts, fallback: answer });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
      await new Promise<void>((resolve) => void setTimeout(resolve, PORT_RETRY_MS));
    }
  }
}

const listener = await listenWhenFree(Number(values.port));
console.log(`listening ${listener.port} ${process.pid}`);
// Sampled, because what waits may be gone when somebody asks.
systemClock.every(20, () => {
  for (const { bufferedAmount, state } of server.connections()) {
    if (state === "open") peakBytes = Math.max(peakBytes, bufferedAmount);
  }
});
process.on("SIGTERM", () => void listener.drain().then(() => process.exit(0)));
