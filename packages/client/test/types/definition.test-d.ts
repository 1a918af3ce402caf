import { accept, defineChannel, reply } from "@hutong/server";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { createSocket } from "../../src/index.ts";

const room = defineChannel("room:*", {
  params: z.object({ nickname: z.string().optional() }),
  receives: { new_msg: { payload: z.object({ body: z.string() }), reply: z.object({ id: z.string() }) } },
  sends: { new_msg: z.object({ id: z.string(), body: z.string() }) },
  join: () => accept(),
  handle: { new_msg: () => reply({ id: "1" }) },
});

const named = defineChannel("named:*", { params: z.object({ nickname: z.string() }), join: () => accept() });
const silent = defineChannel("silent:*", { join: () => accept() });

export async function typedFromDefinition(): Promise<void> {
  const socket = createSocket("http://example.com/socket");
  const lobby = socket.channel<typeof room>("room:lobby", { nickname: "panda" });
  lobby.on("new_msg", (message) => expectTypeOf(message).toEqualTypeOf<{ id: string; body: string }>());
  expectTypeOf(await lobby.push("new_msg", { body: "hi" })).toEqualTypeOf<{ id: string }>();
  // @ts-expect-error The server receives no such event.
  await lobby.push("old_msg", { body: "hi" });
  // @ts-expect-error A nickname is a string.
  socket.channel<typeof room>("room:lobby", { nickname: 1 });
  socket.channel<typeof room>("room:lobby");
  // @ts-expect-error A nickname is needed.
  socket.channel<typeof named>("named:1");
  socket.channel<typeof named>("named:1", { nickname: "panda" }, {});
}

export async function definitionWithoutSchemas(): Promise<void> {
  const channel = createSocket("http://example.com/socket").channel<typeof silent>("silent:1", { anything: 1 });
  channel.on("anything", (payload) => expectTypeOf(payload).toBeUnknown());
  expectTypeOf(await channel.push("anything", 1)).toBeUnknown();
}
