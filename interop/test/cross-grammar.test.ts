import type { Listener } from "@hutong/server/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFixture } from "../fixture/fixture.ts";
import { type CableClient, confirmed, connectCable, delivered, identify } from "./support/cable-client.ts";
import { openSession } from "./support/long-poll-client.ts";
import { connectPhoenix, ok, type PhoenixClient } from "./support/phoenix-client.ts";

let fixture: Listener;
beforeAll(async () => {
  fixture = await startFixture({ port: 0 });
});
afterAll(() => fixture.close());

const ROOM_1 = identify("ChatChannel");

async function joinPhoenix(vsn: "1.0.0" | "2.0.0" = "2.0.0"): Promise<PhoenixClient> {
  const client = await connectPhoenix(`${fixture.url}/socket`, { vsn });
  expect([await client.ask("1", "1", "room:1", "phx_join", {})]).toStrictEqual(client.frames(ok("1", "1", "room:1")));
  return client;
}

async function joinCable(): Promise<CableClient> {
  const client = await connectCable(`${fixture.url}/cable`);
  expect(await client.subscribe(ROOM_1)).toStrictEqual(confirmed(ROOM_1));
  return client;
}

describe("ChatChannel of room 1 and the topic room:1", () => {
  test("what a Phoenix client broadcasts reaches an Action Cable client", async () => {
    using phoenix = await joinPhoenix();
    using cable = await joinCable();

    phoenix.send("1", "2", "room:1", "new_msg", { body: "from phoenix" });

    expect(await cable.next()).toStrictEqual(delivered(ROOM_1, { body: "from phoenix" }));
    expect(await phoenix.next()).toStrictEqual([null, null, "room:1", "new_msg", { body: "from phoenix" }]);
  });

  test("what an Action Cable client speaks reaches Phoenix clients of both versions", async () => {
    using newer = await joinPhoenix();
    using older = await joinPhoenix("1.0.0");
    using cable = await joinCable();

    cable.perform(ROOM_1, "speak", { body: "from cable" });

    const payload = { body: "from cable" };
    expect(await newer.next()).toStrictEqual([null, null, "room:1", "new_msg", payload]);
    expect(await older.next()).toStrictEqual({ topic: "room:1", event: "new_msg", payload, ref: null });
    expect(await cable.next()).toStrictEqual(delivered(ROOM_1, payload));
  });

  test("a broadcast from outside reaches both", async () => {
    using phoenix = await joinPhoenix();
    using cable = await joinCable();

    const body = JSON.stringify({ stream: "room:1", data: { body: "from outside" } });
    await fetch(`${fixture.url}/_broadcast`, { method: "POST", body });

    expect(await phoenix.next()).toStrictEqual([null, null, "room:1", "new_msg", { body: "from outside" }]);
    expect(await cable.next()).toStrictEqual(delivered(ROOM_1, { body: "from outside" }));
  });

  test("messages of both sides have one order for everyone", async () => {
    using phoenix = await joinPhoenix();
    using cable = await joinCable();

    for (let n = 0; n < 20; n++) {
      phoenix.send("1", `p${n}`, "room:1", "new_msg", { from: "phoenix", n });
      cable.perform(ROOM_1, "speak", { from: "cable", n });
    }
    const atPhoenix = (await phoenix.take(40)).map((frame) => (Array.isArray(frame) ? frame[4] : frame));
    const atCable = (await cable.take(40)).map((frame) => Reflect.get(Object(frame), "message"));

    expect(atPhoenix).toStrictEqual(atCable);
    for (const from of ["phoenix", "cable"]) {
      const numbers = atCable.filter((payload) => payload.from === from).map(({ n }) => n);
      expect(numbers).toStrictEqual(Array.from({ length: 20 }, (_, n) => n));
    }
  });

  test("bytes reach only those whose grammar carries them", async () => {
    using phoenix = await joinPhoenix();
    using older = await joinPhoenix("1.0.0");
    using cable = await joinCable();

    phoenix.link.sendBytes(Buffer.from([0, 1, 1, 6, 3, ...Buffer.from("12room:1bin"), 9]));
    expect(await phoenix.take(3)).toStrictEqual([
      [0, 1, 6, 8, ...Buffer.from("1room:1bin_push"), 9],
      [2, 6, 9, ...Buffer.from("room:1bin_bcast"), 9],
      [1, 1, 1, 6, 2, ...Buffer.from("12room:1ok"), 9],
    ]);
    cable.perform(ROOM_1, "echo", { probe: true });

    expect(await cable.next()).toStrictEqual(delivered(ROOM_1, { action: "echo", probe: true }));
    expect(await older.silence()).toBe("silence");
  });

  test("messages have one order for every transport and version", async () => {
    using newer = await joinPhoenix();
    using older = await joinPhoenix("1.0.0");
    using cable = await joinCable();
    const polling = await openSession(`${fixture.url}/socket`);
    await polling.post(["1", "1", "room:1", "phx_join", {}]);
    await polling.next();

    for (let n = 0; n < 10; n++) {
      newer.send("1", `n${n}`, "room:1", "new_msg", { from: "newer", n });
      older.send(null, `o${n}`, "room:1", "new_msg", { from: "older", n });
      cable.perform(ROOM_1, "speak", { from: "cable", n });
      await polling.post(["1", `p${n}`, "room:1", "new_msg", { from: "polling", n }]);
    }

    const atNewer = (await newer.take(40)).map((frame) => Object(frame)[4]);
    expect((await older.take(40)).map((frame) => Object(frame).payload)).toStrictEqual(atNewer);
    expect((await cable.take(40)).map((frame) => Object(frame).message)).toStrictEqual(atNewer);
    expect((await polling.take(40)).map((frame) => Object(frame)[4])).toStrictEqual(atNewer);
  });

  test("presence is for Phoenix clients; an Action Cable client sees no diffs", async () => {
    const identifier = identify("ChatChannel", { room: "presence" });
    using cable = await connectCable(`${fixture.url}/cable`);
    await cable.subscribe(identifier);
    using phoenix = await connectPhoenix(`${fixture.url}/socket`);
    phoenix.send("1", "1", "room:presence", "phx_join", { user: "u1" });
    await phoenix.take(3);

    cable.perform(identifier, "echo", { probe: true });

    expect(await cable.next()).toStrictEqual(delivered(identifier, { action: "echo", probe: true }));
  });
});
