import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type StartedChat, startTestChat } from "../support/started-chat.ts";

async function readMetrics({ chat }: StartedChat): Promise<string> {
  const response = await fetch(`${chat.url}/metrics`);
  return response.text();
}

/** The value of a series, given by its name and labels as the text has them. */
function valueOf(text: string, series: string): number {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

describe("/metrics", () => {
  test("counts a session: two clients, a join each, a message, a refusal, an invalid payload", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix();
    await started.cable();
    await phoenix.reply(phoenix.join("room:lobby", { nickname: "Ada" }));
    await phoenix.reply(phoenix.join("room:den"));
    await phoenix.reply(phoenix.push("room:lobby", "new_msg", { body: "hello" }));
    await phoenix.reply(phoenix.push("room:lobby", "new_msg", { body: "" }));

    const text = await readMetrics(started);

    expect({
      phoenix: valueOf(text, 'hutong_connections{transport="websocket",wire_protocol="phoenix-2"}'),
      cable: valueOf(text, 'hutong_connections{transport="websocket",wire_protocol="actioncable-v1-json"}'),
      opened: valueOf(text, 'hutong_connections_opened_total{transport="websocket",wire_protocol="phoenix-2"}'),
      joined: valueOf(text, 'hutong_joins_total{result="joined"}'),
      refused: valueOf(text, 'hutong_joins_total{result="refused"}'),
      replied: valueOf(text, 'hutong_messages_total{result="reply"}'),
      invalid: valueOf(text, 'hutong_messages_total{result="invalid_payload"}'),
      handled: valueOf(text, "hutong_handler_duration_seconds_count"),
      joins: valueOf(text, "hutong_join_duration_seconds_count"),
      channels: valueOf(text, "hutong_channels"),
      framesIn: valueOf(text, 'hutong_frames_total{direction="in"}'),
      queued: valueOf(text, "hutong_queued_bytes"),
    }).toEqual({
      phoenix: 1,
      cable: 1,
      opened: 1,
      joined: 1,
      refused: 1,
      replied: 1,
      invalid: 1,
      handled: 1,
      joins: 1,
      channels: 1,
      framesIn: 4,
      queued: 0,
    });
    expect(valueOf(text, 'hutong_memory_bytes{kind="resident"}')).toBeGreaterThan(1_000_000);
  });

  test("keeps the frames of connections that are gone, and says who closed", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix();
    await phoenix.reply(phoenix.join("room:lobby"));
    phoenix.close();
    await eventually(() => started.chat.server.stats().connections === 0);

    const text = await readMetrics(started);

    expect(valueOf(text, 'hutong_connections_closed_total{close="client"}')).toBe(1);
    expect(valueOf(text, 'hutong_frames_total{direction="in"}')).toBe(1);
    expect(text).not.toContain('hutong_connections{transport="websocket"');
  });

  test("has no label that a client can choose", async () => {
    await using started = await startTestChat();
    const mark = "chosen-by-the-client";
    const phoenix = await started.phoenix(mark);
    await phoenix.reply(phoenix.join("room:lobby", { nickname: mark }));
    await phoenix.reply(phoenix.join(`room:${mark}`));
    phoenix.push("room:lobby", mark, { [mark]: mark });
    await phoenix.next(([, , , event]) => event === "phx_error");
    const refused = new WebSocket(`${started.chat.url.replace(/^http/, "ws")}/socket/websocket?vsn=${mark}`);
    await new Promise((resolve) => refused.once("error", resolve));

    const text = await readMetrics(started);

    expect(valueOf(text, 'hutong_connections_refused_total{why="version"}')).toBe(1);
    expect(valueOf(text, 'hutong_messages_total{result="unknown_event"}')).toBe(1);
    expect(text).not.toContain(mark);
  });

  test("asks for the admin token where there is one", async () => {
    const token = "an admin token has 32 or more".replaceAll(" ", "-").padEnd(32, "x");
    await using started = await startTestChat({ admin: { hasInspector: false, token } });
    const url = `${started.chat.url}/metrics`;

    const statuses = [
      (await fetch(url)).status,
      (await fetch(url, { headers: { authorization: `Bearer ${token}x` } })).status,
      (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status,
    ];

    expect(statuses).toEqual([401, 401, 200]);
  });
});
