import { accept, createServer, defineChannel, reply } from "@hutong/server";
import { actionCableAt, listen, phoenixAt } from "@hutong/server/node";
import { serveBench } from "./serve-bench.ts";

// The room of the load benches as an application would write it. It has no telemetry
// and no history, as its controls have none. Limits are the defaults, but for rates: the load generator is one
// address, and each of its connections is as busy as the server lets it be. The rates are still counted.
const room = defineChannel("room:*", {
  cable: { name: "ChatChannel", topic: ({ room: name }) => `room:${String(name)}` },
  join: () => accept(),
  handle: {
    echo: (payload) => reply(payload),
    repeat: (payload, channel) => channel.push("repeat", payload),
    speak: (payload, channel) => channel.broadcast("speak", payload),
    new_msg: (payload, channel) => channel.broadcast("new_msg", payload),
  },
});

const ANY_RATE = 1_000_000;
const limits = { messagesPerSecond: ANY_RATE, messageBurst: ANY_RATE };
const server = createServer({
  channels: [room],
  limits: { handshakesPerSecond: ANY_RATE, handshakeBurst: ANY_RATE },
});
// Only the clients of one scenario offer compression.
const mounts = [phoenixAt("/socket", { limits, compression: {} }), actionCableAt("/cable", { limits })];
const listener = await listen(server, { port: 0, mounts });
serveBench(listener.port);
