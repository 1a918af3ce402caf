import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SeededRandom } from "@hutong/testing";
import { WebSocket, WebSocketServer } from "ws";

/** A relay of WebSockets that loses, doubles and reorders what the server pushes; answers to calls pass as they are. */
export interface FaultRelay extends AsyncDisposable {
  readonly url: string;
  /** Connections that were made through it. */
  readonly connectionCount: number;
  /** What was done to pushes. */
  readonly faults: { dropped: number; doubled: number; delayed: number };
}

/** Starts a relay to the chat at `target`; `share` of its pushes meet each kind of fault. */
export async function startFaultRelay(
  target: string,
  { share, seed }: { share: number; seed: number },
): Promise<FaultRelay> {
  const random = new SeededRandom(seed);
  const faults = { dropped: 0, doubled: 0, delayed: 0 };
  const listener = new WebSocketServer({ host: "127.0.0.1", port: 0, handleProtocols: ([first = ""]) => first });
  await once(listener, "listening");
  let connectionCount = 0;
  listener.on("connection", (client, { url = "", headers }) => {
    connectionCount++;
    const protocols = (headers["sec-websocket-protocol"] ?? "").split(/, */);
    const server = new WebSocket(`${target.replace(/^http/, "ws")}${url}`, protocols);
    const early: string[] = [];
    // Both sides speak text, which arrives in buffers.
    client.on("message", (data: Buffer) => {
      if (server.readyState === WebSocket.OPEN) server.send(data.toString("utf8"));
      else early.push(data.toString("utf8"));
    });
    server.on("open", () => early.forEach((frame) => server.send(frame)));
    let held: string[] = [];
    server.on("message", (data: Buffer) => {
      const frame = data.toString("utf8");
      if (!isPush(frame)) return client.send(frame);
      const [isDropped, isDoubled, isDelayed] = [random.chance(share), random.chance(share), random.chance(share)];
      if (isDropped) return void faults.dropped++;
      if (isDelayed) {
        faults.delayed++;
        held.push(frame);
        return;
      }
      if (isDoubled) faults.doubled++;
      // What was held back comes after what it preceded.
      for (const one of [frame, ...(isDoubled ? [frame] : []), ...held]) client.send(one);
      held = [];
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("close", () => other.terminate());
      one.on("error", () => other.terminate()); // a torn side tears the other
    }
  });
  const { port } = listener.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    get connectionCount() {
      return connectionCount;
    },
    faults,
    async [Symbol.asyncDispose]() {
      for (const client of listener.clients) client.terminate();
      listener.close();
      await once(listener, "close");
    },
  };
}

/** Whether a Phoenix frame answers no push of the client. */
function isPush(frame: string): boolean {
  const [, ref]: unknown[] = JSON.parse(frame);
  return ref === null;
}
