import { phoenix } from "@hutong/protocol";
import { accept, createServer, defineChannel, reply, type Server } from "@hutong/server";
import {
  type Clock,
  type FrameBatch,
  systemClock,
  type Transport,
  type TransportReceiver,
} from "@hutong/server/plugin";
import { z } from "zod";
import type { MicroBench } from "./measure.ts";

// The server without a network: a transport that only counts, and a clock whose ticks end when the bench says so.

const SUBSCRIBER_COUNT = 1_000;
const BATCH_SIZE = 16;

class CountingTransport implements Transport {
  readonly name = "counting";
  readonly noticesSilence = true;
  readonly bufferedAmount = 0;
  frameCount = 0;
  receiver: TransportReceiver | undefined = undefined;

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
  }

  send(batch: FrameBatch): void {
    this.frameCount += batch.count;
  }

  ping(): void {}
  close(): void {}
  terminate(): void {}
}

class TickClock implements Clock {
  readonly now = systemClock.now;
  readonly after = systemClock.after;
  readonly every = systemClock.every;
  #waiting: (() => void)[] = [];

  soon(run: () => void): void {
    this.#waiting.push(run);
  }

  /** Ends the tick. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) run();
  }
}

const ANY_RATE = 1_000_000_000;

const room = defineChannel("room:*", {
  receives: { bare: {}, checked: { payload: z.object({ body: z.string().max(2_000) }) } },
  join: () => accept(),
  handle: {
    checked: ({ body }) => reply({ body }),
    bare: (payload) => reply(payload),
  },
});

interface Bench {
  readonly server: Server;
  readonly clock: TickClock;
  readonly transports: readonly CountingTransport[];
}

/** A server with joined connections. */
async function createJoined(count: number): Promise<Bench> {
  const clock = new TickClock();
  const server = createServer({ channels: [room], clock });
  await server.start();
  const limits = { messagesPerSecond: ANY_RATE, messageBurst: ANY_RATE };
  const mount = server.mount({ grammar: phoenix, path: "/socket", limits });
  const negotiation = phoenix.negotiate({ vsn: "2.0.0", subprotocols: [] });
  if (negotiation.kind !== "agreed") throw new TypeError("Phoenix V2 is not spoken");
  const transports = Array.from({ length: count }, () => new CountingTransport());
  for (const transport of transports) {
    server.open(mount, transport, negotiation.wireProtocol, {});
    transport.receiver?.frame('["1","1","room:42","phx_join",{}]');
  }
  while (transports.some(({ frameCount }) => frameCount === 0)) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.flush();
  }
  return { server, clock, transports };
}

/** A push of a client, up to the flush of its reply. */
function push({ clock, transports }: Bench, event: string): () => void {
  const frame = JSON.stringify(["1", "7", "room:42", event, { body: "the quick brown fox jumps over the lazy dog" }]);
  const receiver = transports[0]?.receiver;
  return () => {
    receiver?.frame(frame);
    clock.flush();
  };
}

/** The path of a message through the server, transports left out. */
export async function createServerBenches(): Promise<readonly MicroBench[]> {
  const single = await createJoined(1);
  const crowd = await createJoined(SUBSCRIBER_COUNT);
  const payload = { body: "the quick brown fox jumps over the lazy dog" };
  const broadcast = (count: number) => (): void => {
    for (let index = 0; index < count; index++) crowd.server.broadcast("room:42", "new_msg", payload);
    crowd.clock.flush();
  };
  return [
    { name: "handle a push and reply, no schema", run: push(single, "bare") },
    { name: "handle a push and reply, zod schema", run: push(single, "checked") },
    { name: "dispatch to 1,000, per delivery", perCall: SUBSCRIBER_COUNT, run: broadcast(1) },
    { name: "dispatch 16 to 1,000, per delivery", perCall: SUBSCRIBER_COUNT * BATCH_SIZE, run: broadcast(BATCH_SIZE) },
  ];
}
