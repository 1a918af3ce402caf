import { accept, createServer, defineChannel, reply } from "@hutong/server";
import { listen } from "@hutong/server/node";
import { uuidv7 } from "uuidv7";
import { z } from "zod";

export const room = defineChannel("room:lobby", {
  params: z.object({ nickname: z.string().max(30).default("guest") }),
  receives: { new_msg: { payload: z.object({ body: z.string().max(2000) }), reply: z.object({ id: z.string() }) } },
  sends: { new_msg: z.object({ id: z.string(), from: z.string(), body: z.string() }) },
  cable: { name: "RoomChannel", topic: ({ id }) => `room:${String(id)}` },
  join: ({ params }) => accept({ assigns: params }),
  handle: {
    new_msg: ({ body }, channel) => {
      const id = uuidv7();
      channel.broadcast("new_msg", { id, from: channel.assigns.nickname, body });
      return reply({ id });
    },
  },
});
export const listener = await listen(createServer({ channels: [room] }), { port: Number(process.env["PORT"] ?? 4000) });
