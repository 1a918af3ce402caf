import { accept, defineChannel, reply } from "@hutong/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { frameOf, type RawClient } from "./raw-client.ts";
import { join, startServer, type TestServer, within } from "./support.ts";

const mix = defineChannel("mix:*", {
  cable: {
    name: "MixChannel",
    topic: ({ id }) => `mix:${String(id)}`,
    // The grammar has no names of events, so the payload says what it came as.
    message: (event, payload) => ({ ...z.object({ n: z.number() }).loose().parse(payload), way: event }),
  },
  receives: { mix: { payload: z.object({ n: z.number() }) }, share: {} },
  join: () => accept(),
  handle: {
    // Each way of sending, twice, around each other.
    mix: ({ n }, channel) => {
      channel.push("pushed", { n });
      channel.broadcast("shared", { n });
      channel.push("pushed_again", { n });
      channel.broadcast("shared_again", { n });
      return reply({ n });
    },
    share: (payload, channel) => channel.broadcast("shared", payload),
  },
});

const COUNT = 100;
const NUMBERS = Array.from({ length: COUNT }, (_, n) => n);

/** Writes everything at once, so that the server handles it within few ticks. */
function writeTogether(client: RawClient, values: readonly unknown[]): void {
  client.write(Buffer.concat(values.map((value) => frameOf({ payload: JSON.stringify(value) }))));
}

async function receive(client: RawClient, count: number): Promise<readonly unknown[]> {
  const messages: unknown[] = [];
  while (messages.length < count) messages.push(await client.message());
  return messages;
}

function cableMessage(identifier: string, data: object): object {
  return { command: "message", identifier, data: JSON.stringify(data) };
}

async function subscribeMix(server: TestServer): Promise<{ readonly client: RawClient; readonly identifier: string }> {
  const client = await server.cable();
  const identifier = JSON.stringify({ channel: "MixChannel", id: "1" });
  client.send({ command: "subscribe", identifier });
  expect(await client.message()).toEqual({ identifier, type: "confirm_subscription" });
  return { client, identifier };
}

// What the grammars add to a payload is left out here.
const sharedPayload = z.object({ from: z.string(), n: z.number() });
const sharedSchema = z.tuple([z.null(), z.null(), z.literal("mix:1"), z.literal("shared"), sharedPayload]);
const cableSchema = z.object({ message: sharedPayload });

describe.each([
  ["below the stream", true],
  ["to the stream", false],
])("written %s", (_way, directWrites) => {
  test("pushes, broadcasts and replies of one tick reach a Phoenix client in the order of the calls", async () => {
    await using server = await startServer({ channels: [mix], directWrites });
    const client = await server.phoenix();
    await join(client, "mix:1");

    writeTogether(
      client,
      NUMBERS.map((n) => ["1", `r${n}`, "mix:1", "mix", { n }]),
    );

    expect(await receive(client, 5 * COUNT)).toEqual(
      NUMBERS.flatMap((n) => [
        ["1", null, "mix:1", "pushed", { n }],
        [null, null, "mix:1", "shared", { n }],
        ["1", null, "mix:1", "pushed_again", { n }],
        [null, null, "mix:1", "shared_again", { n }],
        ["1", `r${n}`, "mix:1", "phx_reply", { status: "ok", response: { n } }],
      ]),
    );
  });

  test("pushes and broadcasts of one tick reach an Action Cable client in the order of the calls", async () => {
    await using server = await startServer({ channels: [mix], directWrites });
    const { client, identifier } = await subscribeMix(server);

    writeTogether(
      client,
      NUMBERS.map((n) => cableMessage(identifier, { action: "mix", n })),
    );

    expect(await receive(client, 4 * COUNT)).toEqual(
      NUMBERS.flatMap((n) => [
        { identifier, message: { n, way: "pushed" } },
        { identifier, message: { n, way: "shared" } },
        { identifier, message: { n, way: "pushed_again" } },
        { identifier, message: { n, way: "shared_again" } },
      ]),
    );
  });

  test("clients of both grammars get the broadcasts of two publishers in one and the same order", async () => {
    await using server = await startServer({ channels: [mix], directWrites });
    const phoenix = await server.phoenix();
    await join(phoenix, "mix:1");
    const { client: cable, identifier } = await subscribeMix(server);

    writeTogether(
      phoenix,
      NUMBERS.map((n) => ["1", null, "mix:1", "share", { from: "phoenix", n }]),
    );
    writeTogether(
      cable,
      NUMBERS.map((n) => cableMessage(identifier, { action: "share", from: "cable", n })),
    );
    const overPhoenix = (await receive(phoenix, 2 * COUNT)).map((message) => sharedSchema.parse(message)[4]);
    const overCable = (await receive(cable, 2 * COUNT)).map((message) => cableSchema.parse(message).message);

    expect(overCable).toEqual(overPhoenix);
    expect(overPhoenix.filter(({ from }) => from === "phoenix")).toEqual(NUMBERS.map((n) => ({ from: "phoenix", n })));
    expect(overPhoenix.filter(({ from }) => from === "cable")).toEqual(NUMBERS.map((n) => ({ from: "cable", n })));
  });

  test("a client that does not read holds nobody else back", async () => {
    await using server = await startServer({ channels: [mix], directWrites });
    const fast = await server.phoenix();
    const slow = await server.phoenix();
    await join(fast, "mix:1");
    await join(slow, "mix:1");
    slow.pause();
    const isHeld = (): boolean => server.events.some(({ kind }) => kind === "live_frames_dropped");
    const body = "x".repeat(32_768);

    let n = 0;
    // What the kernel takes for the slow client is not known, so the room is busy until the server holds frames back.
    for (; !isHeld() && n < 2_000; n++) {
      fast.send(["1", null, "mix:1", "share", { n, body }]);
      expect(await fast.message()).toEqual([null, null, "mix:1", "shared", { n, body }]);
    }
    writeTogether(
      fast,
      NUMBERS.map((each) => ["1", null, "mix:1", "share", { n: each }]),
    );

    await within("frame held back", isHeld);
    expect(await receive(fast, COUNT)).toEqual(NUMBERS.map((each) => [null, null, "mix:1", "shared", { n: each }]));
  });
});
