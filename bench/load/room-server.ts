import { accept, createServer, defineChannel, reply } from "@hutong/server";
import { listen } from "@hutong/server/node";
import { serveBench } from "./serve-bench.ts";

// The room of the load benches as an application would write it. It has no telemetry
// and no history, as its controls have none, and the default limits.
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

const listener = await listen(createServer({ channels: [room] }), { port: 0 });
serveBench(listener.port);
