import { describe, expect, test } from "vitest";
import { createPresence, type Presence } from "../src/presence.ts";
import type { PresenceChange } from "../src/presence-entries.ts";
import { createWorld, type FakeClock, type ScriptedServer, turn } from "./support.ts";

interface PresenceWorld {
  readonly clock: FakeClock;
  readonly server: ScriptedServer;
  readonly presence: Presence;
  readonly changes: PresenceChange[];
}

async function createFollowed(): Promise<PresenceWorld> {
  const { clock, server, socket } = createWorld();
  socket.connect();
  await turn();
  const channel = socket.channel("room:a");
  const presence = createPresence(channel);
  const changes: PresenceChange[] = [];
  presence.on("change", (change) => changes.push(change));
  void channel.join();
  server.latest.reply("phx_join");
  return { clock, server, presence, changes };
}

const one = (...refs: string[]): { readonly metas: readonly { readonly phx_ref: string }[] } => ({
  metas: refs.map((phx_ref) => ({ phx_ref })),
});

function sendState(server: ScriptedServer, payload: unknown): void {
  server.latest.push(null, null, "room:a", "presence_state", payload);
}

function sendDiff(server: ScriptedServer, joins: unknown, leaves: unknown = {}): void {
  server.latest.push(null, null, "room:a", "presence_diff", { joins, leaves });
}

describe("presence", () => {
  test("takes the state", async () => {
    const { changes, presence, server } = await createFollowed();

    sendState(server, { u1: one("1"), u2: one("2", "3") });

    expect([...presence.entries]).toEqual([
      ["u1", [{ phx_ref: "1" }]],
      ["u2", [{ phx_ref: "2" }, { phx_ref: "3" }]],
    ]);
    expect(changes).toHaveLength(1);
    expect([...(changes[0]?.joined.keys() ?? [])]).toEqual(["u1", "u2"]);
    expect(changes[0]?.left.size).toBe(0);
  });

  test("a diff before the state is applied after it", async () => {
    const { presence, server } = await createFollowed();

    sendDiff(server, { u2: one("2") }, { u1: one("1") });
    expect(presence.entries.size).toBe(0);
    sendState(server, { u1: one("1") });

    expect([...presence.entries]).toEqual([["u2", [{ phx_ref: "2" }]]]);
  });

  test("a diff of what the state holds already changes nothing twice", async () => {
    const { presence, server } = await createFollowed();

    sendDiff(server, { u1: one("1") });
    sendState(server, { u1: one("1") });

    expect([...presence.entries]).toEqual([["u1", [{ phx_ref: "1" }]]]);
  });

  test("a meta that is here already does not join again, and keeps its place", async () => {
    const { changes, presence, server } = await createFollowed();
    sendState(server, { u1: one("1", "2") });

    sendDiff(server, { u1: one("1") });
    sendDiff(server, { u1: one("1", "3"), u2: one("4") });

    expect(presence.entries.get("u1")).toEqual([{ phx_ref: "1" }, { phx_ref: "2" }, { phx_ref: "3" }]);
    expect(changes.map(({ joined }) => [...joined])).toEqual([
      [["u1", [{ phx_ref: "1" }, { phx_ref: "2" }]]],
      [
        ["u1", [{ phx_ref: "3" }]],
        ["u2", [{ phx_ref: "4" }]],
      ],
    ]);
  });

  test("an update replaces the meta", async () => {
    const { changes, presence, server } = await createFollowed();
    sendState(server, { u1: one("1", "2") });

    sendDiff(server, { u1: { metas: [{ phx_ref: "3", phx_ref_prev: "1", status: "away" }] } }, { u1: one("1") });

    expect(presence.entries.get("u1")).toEqual([{ phx_ref: "2" }, { phx_ref: "3", phx_ref_prev: "1", status: "away" }]);
    expect(changes[1]?.left.get("u1")).toEqual([{ phx_ref: "1" }]);
  });

  test("the last meta takes the key along; unknown ones leave without effect", async () => {
    const { changes, presence, server } = await createFollowed();
    sendState(server, { u1: one("1") });

    sendDiff(server, {}, { u1: one("7"), u9: one("9") });
    expect([...presence.entries.keys()]).toEqual(["u1"]);
    expect(changes).toHaveLength(1);
    sendDiff(server, {}, { u1: one("1") });

    expect(presence.entries.size).toBe(0);
    expect(changes).toHaveLength(2);
  });

  test("the state of a new join replaces the old one, and its early diffs wait for it", async () => {
    const { changes, clock, presence, server } = await createFollowed();
    sendState(server, { u1: one("1"), u2: one("2") });
    server.latest.end();
    await clock.advance(250);
    expect([...presence.entries.keys()]).toEqual(["u1", "u2"]);
    server.latest.reply("phx_join");

    sendDiff(server, { u4: one("4") });
    sendState(server, { u2: one("2"), u3: one("3") });

    expect([...presence.entries.keys()]).toEqual(["u2", "u3", "u4"]);
    expect([...(changes[1]?.joined.keys() ?? [])]).toEqual(["u3"]);
    expect([...(changes[1]?.left.keys() ?? [])]).toEqual(["u1"]);
  });

  test("keys such as __proto__ are ordinary keys", async () => {
    const { presence, server } = await createFollowed();

    server.latest.pushRaw(
      '[null,null,"room:a","presence_state",{"__proto__":{"metas":[{"phx_ref":"1"}]},"constructor":{"metas":[{"phx_ref":"2"}]}}]',
    );

    expect(presence.entries.get("constructor")).toEqual([{ phx_ref: "2" }]);
    expect(Object.hasOwn(Object.prototype, "metas")).toBe(false);
  });

  test("payloads that are no presences count as empty", async () => {
    const { presence, server } = await createFollowed();
    sendState(server, { u1: one("1"), u2: { metas: [{}] }, u3: 1, u4: { metas: "x" } });
    sendDiff(server, null, [1]);
    server.latest.push(null, null, "room:a", "presence_diff", null);

    expect([...presence.entries.keys()]).toEqual(["u1"]);
    sendState(server, "nobody");
    expect(presence.entries.size).toBe(0);
  });

  test("diffs that wait for a state are kept to the latest thousand", async () => {
    const { presence, server } = await createFollowed();
    for (let index = 0; index < 1_001; index++) sendDiff(server, { [`u${index}`]: one(String(index)) });

    sendState(server, {});

    expect(presence.entries.size).toBe(1_000);
    expect(presence.entries.has("u0")).toBe(false);
  });

  test("close stops following", async () => {
    const { changes, presence, server } = await createFollowed();

    presence.close();
    sendState(server, { u1: one("1") });

    expect(presence.entries.size).toBe(0);
    expect(changes).toEqual([]);
  });
});
