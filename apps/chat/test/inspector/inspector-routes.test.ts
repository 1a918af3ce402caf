import type { InspectorSnapshot } from "@hutong/chat-api";
import { writeFile } from "node:fs/promises";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { PAGE, type StartedChat, startTestChat } from "../support/started-chat.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { openTrace } from "./trace-reader.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

function ask({ chat }: StartedChat, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${chat.url}${path}`, { headers });
}

async function snapshotOf(started: StartedChat, query = ""): Promise<InspectorSnapshot> {
  const response = await ask(started, `/inspector/api/snapshot${query}`);
  return (await response.json()) as InspectorSnapshot; // what the route is typed to answer
}

describe("the snapshot", () => {
  test("shows every connection, topic and refusal", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix();
    await phoenix.reply(phoenix.join("room:lobby", { nickname: "Ada" }));
    await phoenix.reply(phoenix.join("room:den"));
    await phoenix.reply(phoenix.push("room:lobby", "new_msg", { body: "hi" }));
    await started.cable();

    const snapshot = await snapshotOf(started);

    expect(snapshot.state).toBe("running");
    expect(snapshot.totals).toMatchObject({ connections: 2, channels: 1, topics: 1, queuedBytes: 0, messages: 1 });
    expect(snapshot.matchCount).toBe(2);
    expect(snapshot.connections).toMatchObject([
      {
        id: `${snapshot.nodeId}-1`,
        socketId: null,
        transport: "websocket",
        wireProtocol: "phoenix-2",
        state: "open",
        framesIn: 3,
        queuedBytes: 0,
        topics: ["room:lobby"],
        channelCount: 1,
      },
      { id: `${snapshot.nodeId}-2`, wireProtocol: "actioncable-v1-json", framesIn: 0, framesOut: 1, topics: [] },
    ]);
    expect(snapshot.topics).toMatchObject([{ topic: "room:lobby", memberCount: 1 }]);
    expect(snapshot.troubles).toMatchObject([{ kind: "join_refused", place: "room:den", reason: "unauthorized" }]);
  });

  test("keeps to what is searched for", async () => {
    await using started = await startTestChat();
    await started.phoenix();
    await started.cable();

    const snapshot = await snapshotOf(started, "?search=ActionCable");

    expect([snapshot.matchCount, snapshot.totals.connections]).toEqual([1, 2]);
    expect(snapshot.connections).toMatchObject([{ wireProtocol: "actioncable-v1-json" }]);
  });

  test("holds no token", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix("a-token-to-hide");
    await phoenix.reply(phoenix.join("room:den", { token: "a-token-to-hide" }));

    const response = await ask(started, "/inspector/api/snapshot");

    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).not.toContain("a-token-to-hide");
  });
});

describe("a trace", () => {
  test("shows an exchange decoded and masked, from the moment it was asked for", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix();
    await phoenix.reply(phoenix.join("room:lobby", { nickname: "Ada" }));
    const [row] = (await snapshotOf(started)).connections;
    await using trace = await openTrace(started.chat.url, row?.id ?? "");

    await phoenix.reply(phoenix.push("room:lobby", "new_msg", { body: "hello", token: "a-secret" }));
    await phoenix.reply(phoenix.join("room:den", { password: "a-secret" }));

    await eventually(() => trace.frames.filter(({ kind }) => kind === "reply").length === 2);
    const words = trace.frames.map(({ direction, kind, topic, event }) => [direction, kind, topic, event]);
    expect(words).toContainEqual(["in", "push", "room:lobby", "new_msg"]);
    expect(words).toContainEqual(["out", "push", "room:lobby", "new_msg"]);
    expect(words).toContainEqual(["out", "reply", "room:lobby", "ok"]);
    expect(words.slice(-2)).toEqual([
      ["in", "join", "room:den", "phx_join"],
      ["out", "reply", "room:den", "error"],
    ]);
    expect(trace.frames.find(({ direction }) => direction === "in")?.payload).toBe(
      '{"body":"hello","token":"[hidden]"}',
    );
    expect(JSON.stringify(trace.frames)).not.toContain("a-secret");
  });

  test("shows nothing of other connections", async () => {
    await using started = await startTestChat();
    const [ada, bo] = [await started.phoenix(), await started.phoenix()];
    const [row] = (await snapshotOf(started)).connections;
    await using trace = await openTrace(started.chat.url, row?.id ?? "");

    await bo.reply(bo.join("room:lobby"));
    await ada.reply(ada.join("room:den"));

    await eventually(() => trace.frames.length === 2);
    expect(trace.frames.map(({ topic }) => topic)).toEqual(["room:den", "room:den"]);
  });

  test("lets go of the connection when the page goes", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix();
    const [row] = (await snapshotOf(started)).connections;
    const trace = await openTrace(started.chat.url, row?.id ?? "");

    await trace[Symbol.asyncDispose]();

    // A trace that is let go of can be followed by ten others, which is as many as there may be.
    for (let count = 0; count < 12; count++) {
      await using another = await openTrace(started.chat.url, row?.id ?? "");
      expect(another.status).toBe(200);
    }
    await phoenix.reply(phoenix.join("room:lobby"));
  });

  test("says that the connection closed", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix();
    const [row] = (await snapshotOf(started)).connections;
    await using trace = await openTrace(started.chat.url, row?.id ?? "");

    phoenix.close();

    await eventually(() => trace.end === "closed");
  });

  test("gives way to a newer one of the same connection", async () => {
    await using started = await startTestChat();
    await started.phoenix();
    const [row] = (await snapshotOf(started)).connections;
    await using older = await openTrace(started.chat.url, row?.id ?? "");
    await using newer = await openTrace(started.chat.url, row?.id ?? "");

    await eventually(() => older.end === "left");
    expect(newer.end).toBe(undefined);
  });

  test("is not begun while ten others run", async () => {
    await using started = await startTestChat();
    for (let count = 0; count < 11; count++) await started.phoenix();
    const ids = (await snapshotOf(started)).connections.map(({ id }) => id);
    const traces = await Promise.all(ids.slice(0, 10).map((id) => openTrace(started.chat.url, id)));

    const response = await ask(started, `/inspector/api/connections/${ids[10]}/trace`);

    expect(traces.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect([response.status, await response.json()]).toEqual([404, { reason: "gone" }]);
    for (const trace of traces) await trace[Symbol.asyncDispose]();
  });

  test("of nobody is not found", async () => {
    await using started = await startTestChat();

    expect((await ask(started, "/inspector/api/connections/nobody/trace")).status).toBe(404);
  });
});

describe("the page", () => {
  test("is served under the same policy as the chat's", async () => {
    await using folder = await createTemporaryFolder();
    await writeFile(folder.at("index.html"), PAGE);
    await writeFile(folder.at("inspector.html"), "<!doctype html><title>Inspector</title>");
    await using started = await startTestChat({ pageFolder: folder.path });

    const response = await ask(started, "/inspector");

    expect([response.status, await response.text()]).toEqual([200, "<!doctype html><title>Inspector</title>"]);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'self'; /);
    expect((await ask(started, "/inspector.html")).status).toBe(404);
  });

  test("that was not built says how to build it", async () => {
    await using started = await startTestChat();

    const response = await ask(started, "/inspector");

    expect([response.status, await response.text()]).toEqual([
      404,
      "The page of the inspector is missing; build it with: npm run build -w apps/web",
    ]);
  });
});

describe("the door", () => {
  test.each(["/inspector", "/inspector.html", "/inspector/api/snapshot", "/inspector/api/connections/1/trace"])(
    "%s is not there when the inspector is off",
    async (path) => {
      await using started = await startTestChat({ admin: { hasInspector: false, token: undefined } });

      expect((await ask(started, path)).status).toBe(404);
    },
  );

  test.each(["/inspector/api/snapshot", "/inspector/api/connections/1/trace"])(
    "%s asks for the admin token",
    async (path) => {
      await using started = await startTestChat({ admin: { hasInspector: true, token: TOKEN } });

      const statuses = [
        (await ask(started, path)).status,
        (await ask(started, path, { authorization: TOKEN })).status,
        (await ask(started, path, { authorization: `Bearer ${TOKEN.slice(1)}` })).status,
        (await ask(started, `${path}?token=${TOKEN}`)).status,
      ];

      expect(statuses).toEqual([401, 401, 401, 401]);
    },
  );

  test("opens with the admin token, under any name", async () => {
    await using started = await startTestChat({ admin: { hasInspector: true, token: TOKEN } });
    const headers = { authorization: `Bearer ${TOKEN}`, "x-forwarded-for": "192.0.2.1" };

    expect((await ask(started, "/inspector/api/snapshot", headers)).status).toBe(200);
  });

  test("without a token answers this machine only", async () => {
    await using started = await startTestChat();

    expect((await ask(started, "/inspector/api/snapshot", { "x-forwarded-for": "192.0.2.1" })).status).toBe(403);
    expect((await ask(started, "/inspector/api/snapshot", { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });
});
