import { accept, defineChannel, reply } from "@hutong/server";
import { describe, expect, test } from "vitest";
import type { RawClient } from "./raw-client.ts";
import { join, startServer, type TestServer, withBystander } from "./support.ts";

const OURS = "2.0.0+hutong.1";
const PUSH_ID = "0123456789abcdef0123456789abcdef";

let handled = 0;

const kept = defineChannel("kept:*", {
  history: { maxCount: 5 },
  cable: { name: "KeptChannel", topic: () => "kept:1" },
  join: () => accept(),
  handle: {
    count: () => reply({ handled: ++handled }),
  },
});

/** A server whose topic `kept:1` has seen eight messages and keeps five. */
async function startWithHistory(): Promise<TestServer> {
  const server = await startServer({ channels: [kept] });
  for (let n = 1; n <= 8; n++) server.server.broadcast("kept:1", "said", { n });
  return server;
}

/** The report of a join: `[recovered, reason, position]`. */
async function reportOf(client: RawClient): Promise<unknown> {
  const answer = await client.message();
  expect(answer).toEqual(["1", "1", "kept:1", "phx_reply", { status: "ok", response: {} }, expect.any(Array)]);
  return Array.isArray(answer) ? answer[5] : undefined;
}

describe("positions that cannot be", () => {
  test.each([
    ["a foreign epoch", ["elsewhere", 3, "some-id"], "epoch"],
    ["an offset that is not there yet", "ahead", "ahead"],
    ["another message at the newest place", "fingerprint", "fingerprint"],
    ["what is no longer kept", "trimmed", "trimmed"],
    ["offset zero of a history that has moved on", "zero", "trimmed"],
    ["NaN, which JSON gives as null", ["e", null, "i"], "malformed"],
    ["2^63", ["e", 2 ** 63, "i"], "malformed"],
    ["a negative offset", ["e", -1, "i"], "malformed"],
    ["a fraction", ["e", 1.5, "i"], "malformed"],
    ["an object", { epoch: "e" }, "malformed"],
    ["__proto__", { __proto__: null, constructor: "x" }, "malformed"],
  ])("C11 %s recovers nothing and says why", async (_name, asked, reason) => {
    await using server = await startWithHistory();
    await withBystander(server, async () => {
      const probe = await server.phoenix(OURS);
      probe.send(["1", "1", "kept:1", "phx_join", {}]);
      const [, , top] = (await reportOf(probe)) as [boolean, string, [string, number, string]];
      const [epoch, offset, id] = top;
      const positions = new Map<unknown, unknown>([
        ["ahead", [epoch, offset + 5, id]],
        ["fingerprint", [epoch, offset, "another-id"]],
        ["trimmed", [epoch, 1, "some-id"]],
        ["zero", [epoch, 0, ""]],
      ]);

      const client = await server.phoenix(OURS);
      client.send(["1", "1", "kept:1", "phx_join", {}, positions.get(asked) ?? asked]);

      expect(await reportOf(client)).toEqual([false, reason, top]);
    });
    expect(server.reports()).toEqual([]);
  });

  test("C11 a position of another topic recovers nothing of this one", async () => {
    await using server = await startWithHistory();
    await withBystander(server, async () => {
      const client = await server.phoenix(OURS);
      client.send(["1", "1", "kept:2", "phx_join", {}]);
      const answer = await client.message();
      const other = Array.isArray(answer) ? answer[5][2] : undefined;
      const second = await server.phoenix(OURS);

      second.send(["1", "1", "kept:1", "phx_join", {}, other]);

      expect(await reportOf(second)).toEqual([false, "epoch", expect.any(Array)]);
    });
  });
});

describe("requests for too much", () => {
  test("C12 a million of the latest messages is as many as are kept", async () => {
    await using server = await startWithHistory();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      client.send(["1", "1", "kept:1", "phx_join", { $recover: { last: 1_000_000_000 } }]);

      const response = { $recovery: { recovered: false, reason: "partial" } };
      expect(await client.message()).toEqual(["1", "1", "kept:1", "phx_reply", { status: "ok", response }]);
      for (let n = 4; n <= 8; n++) expect(await client.message()).toEqual([null, null, "kept:1", "said", { n }]);
    });
  });

  test("C12 a request that is none is answered as malformed", async () => {
    await using server = await startWithHistory();
    await withBystander(server, async () => {
      for (const $recover of [{ last: -1 }, { since: "yesterday" }, "all", null, [1]]) {
        const client = await server.phoenix();
        client.send(["1", "1", "kept:1", "phx_join", { $recover }]);

        const response = { $recovery: { recovered: false, reason: "malformed" } };
        expect(await client.message()).toEqual(["1", "1", "kept:1", "phx_reply", { status: "ok", response }]);
      }
    });
  });

  test("C12 joins that ask for all of it, one behind the other, are each given all or nothing", async () => {
    await using server = await startWithHistory();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      for (let n = 1; n <= 150; n++) client.send([`${n}`, `${n}`, "kept:1", "phx_join", { $recover: { last: 5 } }]);
      client.send(["150", "end", "kept:1", "count", {}]);

      const given = new Map<string, number>();
      let message: unknown;
      do {
        message = await client.message();
        const [, ref, , event] = message as readonly [unknown, unknown, unknown, string];
        if (event === "said") given.set("said", (given.get("said") ?? 0) + 1);
        if (ref === "end") break;
      } while (message !== undefined);

      expect((given.get("said") ?? 0) % 5).toBe(0);
      expect(given.get("said")).toBeGreaterThanOrEqual(5);
    });
  });
});

describe("frames that come again", () => {
  test("C18 a push that is played back under its id changes nothing", async () => {
    await using server = await startWithHistory();
    await withBystander(server, async () => {
      handled = 0;
      const client = await server.phoenix(OURS);
      client.send(["1", "1", "kept:1", "phx_join", {}]);
      await reportOf(client);
      const frame = ["1", "2", "kept:1", "count", {}, PUSH_ID];

      client.send(frame);
      client.send(frame);
      const again = await server.phoenix(OURS);
      again.send(["1", "1", "kept:1", "phx_join", {}]);
      await reportOf(again);
      again.send(frame);

      const answer = ["1", "2", "kept:1", "phx_reply", { status: "ok", response: { handled: 1 } }];
      expect([await client.message(), await client.message(), await again.message()]).toEqual([answer, answer, answer]);
      expect(handled).toBe(1);
    });
  });

  test("C18 a frame of an earlier join changes nothing", async () => {
    await using server = await startWithHistory();
    await withBystander(server, async () => {
      handled = 0;
      const client = await server.phoenix();
      await join(client, "kept:1");
      client.send(["2", "2", "kept:1", "phx_join", {}]);

      client.send(["1", "3", "kept:1", "count", {}]);
      client.send(["2", "4", "kept:1", "count", {}]);

      expect(await client.message()).toEqual(["2", "2", "kept:1", "phx_reply", expect.anything()]);
      expect(await client.message()).toEqual(["1", "1", "kept:1", "phx_close", {}]);
      expect(await client.message()).toMatchObject(["2", "4", "kept:1", "phx_reply", { response: { handled: 1 } }]);
    });
  });
});
