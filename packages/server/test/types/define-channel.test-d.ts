import { accept, type Channel, channelsFor, createServer, defineChannel, refuse, reply, stop } from "@hutong/server";
import { expectTypeOf } from "vitest";
import { z } from "zod";

interface User {
  readonly id: string;
}

const body = z.object({ body: z.string(), size: z.coerce.number().default(1) });

/** What handlers are given follows from the schemas. */
export const room = defineChannel("room:*", {
  params: z.object({ nickname: z.string().optional() }),
  receives: {
    new_msg: { payload: body, reply: z.object({ id: z.string() }) },
    typing: {},
  },
  sends: { new_msg: z.object({ id: z.string() }), left: z.object({}) },
  join: ({ params, topic, signal }) => {
    expectTypeOf(params).toEqualTypeOf<{ nickname?: string | undefined }>();
    expectTypeOf(topic).toBeString();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return accept({ assigns: { name: params.nickname ?? "guest", seat: 1 } });
  },
  joined: (channel) => {
    expectTypeOf(channel.assigns.name).toBeString();
    channel.push("left", {});
    channel.push("presence_state", channel.presence.list());
    // @ts-expect-error The list is the payload.
    channel.push("presence_state", "everyone");
    // @ts-expect-error The list is for one client.
    channel.broadcast("presence_state", channel.presence.list());
  },
  handle: {
    new_msg: (payload, channel, answer) => {
      expectTypeOf(payload).toEqualTypeOf<{ body: string; size: number }>();
      expectTypeOf(channel.assigns.name).toBeString();
      expectTypeOf(channel.assigns.seat).toBeNumber();
      channel.assigns.seat = 2;
      channel.broadcast("new_msg", { id: "1" });
      channel.broadcastToOthers("left", {});
      // @ts-expect-error The channel sends no such event.
      channel.push("new_message", { id: "1" });
      // @ts-expect-error The event's payload has an id.
      channel.broadcast("new_msg", { body: "hi" });
      // @ts-expect-error The connection has no such assign.
      expectTypeOf(channel.assigns.user).toBeString();
      answer(reply({ id: "1" }));
      // @ts-expect-error An id is a string.
      answer(reply({ id: 1 }));
      return reply({ id: "1" });
    },
    typing: (payload) => {
      expectTypeOf(payload).toBeUnknown();
      return reply({ any: "thing" });
    },
  },
  timers: [{ everyMs: 1_000, run: (channel) => void expectTypeOf(channel.assigns.seat).toBeNumber() }],
  intercept: { new_msg: (_payload, channel) => channel.push("new_msg", { id: "1" }) },
  terminate: (channel, reason) => {
    expectTypeOf(reason).toBeString();
    expectTypeOf(channel.assigns.name).toBeString();
  },
});

expectTypeOf(room.receives.new_msg.payload).toEqualTypeOf<typeof body>();

export const badReply = defineChannel("room:*", {
  receives: { add: { reply: z.object({ id: z.string() }) } },
  join: () => accept(),
  // @ts-expect-error The reply's id is a string.
  handle: { add: () => reply({ id: 1 }) },
});

export const goodAnswers = defineChannel("room:*", {
  receives: { add: { reply: z.object({ id: z.string() }) }, skip: {}, end: {}, no: {}, later: {} },
  join: () => Promise.resolve(refuse("not today")),
  handle: {
    add: async () => reply({ id: "1" }),
    skip: () => {},
    end: () => stop("done"),
    no: () => refuse({ reason: "full" }),
    later: async () => {},
  },
});

export const missingHandler = defineChannel("room:*", {
  receives: { add: {}, remove: {} },
  join: () => accept(),
  // @ts-expect-error Every received event has a handler.
  handle: { add: () => {} },
});

// @ts-expect-error A definition decides who may join.
export const withoutJoin = defineChannel("room:*", { handle: {} });

// @ts-expect-error A join handler gives accept(…) or refuse(…).
export const badJoin = defineChannel("room:*", { join: () => true });

export const badTimer = defineChannel("room:*", {
  join: () => accept(),
  // @ts-expect-error The interval is a number of milliseconds.
  timers: [{ everyMs: "1s", run: () => {} }],
});

/** Without schemas, payloads are unknown and any event may be sent. */
export const untyped = defineChannel("room:*", {
  join: ({ params }) => {
    expectTypeOf(params).toBeUnknown();
    return accept();
  },
  handle: {
    anything: (payload, channel) => {
      expectTypeOf(payload).toBeUnknown();
      channel.broadcast("any_event", { any: "payload" });
      // @ts-expect-error An unknown payload must be looked at first.
      channel.push("any_event", payload.body);
      return reply({ any: "reply" });
    },
  },
});

const define = channelsFor<{ readonly user: User }>();

/** The assigns of the connection are typed where the application says what they are. */
export const personal = define("user:*", {
  join: ({ topic, connection }) => {
    expectTypeOf(connection.assigns).toEqualTypeOf<Readonly<{ readonly user: User }>>();
    return topic === `user:${connection.assigns.user.id}` ? accept({ assigns: { unread: 0 } }) : refuse("forbidden");
  },
  handle: {
    read: (_payload, channel) => {
      expectTypeOf(channel.assigns.user.id).toBeString();
      expectTypeOf(channel.assigns.unread).toBeNumber();
      // @ts-expect-error Nobody assigned a role.
      expectTypeOf(channel.assigns.role).toBeString();
    },
  },
});

/** Definitions of every kind go into one server. */
export const server = createServer({ channels: [room, goodAnswers, untyped, personal] });

// @ts-expect-error A payload must be given, even if it is empty.
server.broadcast("room:1", "left");

/** A function may take any channel. */
export function greet(channel: Channel): void {
  channel.push("greeting", { at: 1 });
}
