import { accept, channelsFor, defineChannel } from "@hutong/server";
import { expect, test } from "vitest";
import { z } from "zod";

test.each(["", "room:**", "room *", "*room", "a*b", "胡同:*"])("%j is no pattern", (pattern) => {
  expect(() => defineChannel(pattern, { join: () => accept() })).toThrow(
    `"${pattern}" is no topic pattern; use a topic, or a prefix and one * at the end`,
  );
});

test.each(["room:lobby", "room:*", "*"])("%j is a pattern", (pattern) => {
  expect(defineChannel(pattern, { join: () => accept() }).pattern).toBe(pattern);
});

test("a definition carries its schemas", () => {
  const params = z.object({ nickname: z.string() });
  const receives = { say: { payload: z.object({ body: z.string() }) } };
  const sends = { said: z.object({ body: z.string() }) };

  const room = defineChannel("room:*", { params, receives, sends, join: () => accept(), handle: { say: () => {} } });

  expect([room.params, room.receives, room.sends]).toEqual([params, receives, sends]);
});

test("a definition without schemas takes any parameters", () => {
  const room = defineChannel("room:*", { join: () => accept() });

  expect(room.params["~standard"].validate({ any: "thing" })).toEqual({ value: { any: "thing" } });
});

test("a definition for typed connections is made the same way", () => {
  const define = channelsFor<{ user: string }>();

  expect(define("room:*", { join: () => accept() }).pattern).toBe("room:*");
  expect(() => define("", { join: () => accept() })).toThrow(TypeError);
});
