import { expectTypeOf } from "vitest";
import { z } from "zod";
import { createPresence, createSocket, type EventPayload, type PushPayload, type PushReply } from "../../src/index.ts";

const room = {
  params: z.object({ nickname: z.string().optional() }),
  receives: {
    new_msg: {
      payload: z.object({ body: z.string(), size: z.coerce.number().default(1) }),
      reply: z.object({ id: z.string() }),
    },
    typing: {},
  },
  sends: { new_msg: z.object({ id: z.string(), at: z.string().transform(Number) }) },
} as const;

expectTypeOf<PushReply<typeof room, "new_msg">>().toEqualTypeOf<{ id: string }>();
expectTypeOf<EventPayload<typeof room, "new_msg">>().toEqualTypeOf<{ id: string; at: number }>();
expectTypeOf<PushPayload<typeof room, "typing">>().toBeUnknown();
expectTypeOf<PushReply<typeof room, "typing">>().toBeUnknown();
// @ts-expect-error The reply has no such type, so the checks above can fail.
expectTypeOf<PushReply<typeof room, "new_msg">>().toEqualTypeOf<{ id: number }>();

export async function typedChannel(): Promise<string> {
  const socket = createSocket("http://example.com/socket");
  const channel = socket.channel<typeof room>("room:lobby", { nickname: "panda" });
  socket.channel<typeof room>("room:lobby");
  // @ts-expect-error A nickname is a string.
  socket.channel<typeof room>("room:lobby", { nickname: 1 });

  socket.channel<typeof room>("room:lobby", {}, { snapshot: () => undefined });
  socket.channel<typeof room>("room:lobby", {}, { snapshot: async () => ({ epoch: "e", offset: 1, id: "i" }) });
  // @ts-expect-error A position has an id.
  socket.channel<typeof room>("room:lobby", {}, { snapshot: async () => ({ epoch: "e", offset: 1 }) });

  channel.on("new_msg", (message) => message.at.toFixed());
  channel.on("presence_state", (payload) => expectTypeOf(payload).toBeUnknown());
  // @ts-expect-error The server sends no such event.
  channel.on("gone", () => undefined);
  // @ts-expect-error A message has no body.
  channel.on("new_msg", (message) => message.body);
  createPresence(channel);

  await channel.push("typing");
  await channel.push("typing", { anything: 1 }, { timeoutMs: 5 });
  await channel.push("new_msg", { body: "hi" }, { durable: true, id: "an id that nobody else has" });
  // @ts-expect-error A push is durable or not.
  await channel.push("new_msg", { body: "hi" }, { durable: "yes" });
  // @ts-expect-error A message needs its payload.
  await channel.push("new_msg");
  // @ts-expect-error A message needs its body.
  await channel.push("new_msg", {});
  // @ts-expect-error The server receives no such event.
  await channel.push("old_msg", { body: "hi" });
  const { id } = await channel.push("new_msg", { body: "hi" }, { signal: new AbortController().signal });
  return id;
}

export async function untypedChannel(): Promise<unknown> {
  const channel = createSocket("http://example.com/socket").channel("room:lobby", { anything: 1 });
  channel.on("anything", (payload) => expectTypeOf(payload).toBeUnknown());
  createPresence(channel);
  const response = await channel.push("anything");
  // @ts-expect-error Nothing is known of the response.
  void response.id;
  return response;
}
