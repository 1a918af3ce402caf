import { encodeClientFrame } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import { readFrame } from "../../src/inspector/read-frame.ts";

const ROOM = '{"channel":"RoomChannel","id":"lobby"}';

describe("readFrame", () => {
  test.each([
    ['["1","1","room:1","phx_join",{"nickname":"Ada"}]', "join", "room:1", "phx_join", '{"nickname":"Ada"}'],
    ['["1","2","room:1","new_msg",{"body":"hi"}]', "push", "room:1", "new_msg", '{"body":"hi"}'],
    ['[null,"3","phoenix","heartbeat",{}]', "heartbeat", "", "heartbeat", "{}"],
    [
      '["1","2","room:1","phx_reply",{"status":"ok","response":{"id":"7"}}]',
      "reply",
      "room:1",
      "ok",
      '{"status":"ok","response":{"id":"7"}}',
    ],
    ['{"topic":"room:1","event":"phx_leave","payload":{},"ref":"1"}', "leave", "room:1", "phx_leave", "{}"],
  ])("reads %s", (frame, kind, topic, event, payload) => {
    expect(readFrame(frame, "in", "phoenix-2")).toEqual({ kind, topic, event, payload });
  });

  test.each([
    [JSON.stringify({ command: "subscribe", identifier: ROOM }), "join", ROOM, "", ""],
    [
      JSON.stringify({ command: "message", identifier: ROOM, data: '{"action":"new_msg","body":"hi"}' }),
      "push",
      ROOM,
      "new_msg",
      '{"action":"new_msg","body":"hi"}',
    ],
    [JSON.stringify({ identifier: ROOM, message: { body: "hi" } }), "push", ROOM, "", '{"body":"hi"}'],
    ['{"type":"welcome"}', "welcome", "", "", ""],
    [JSON.stringify({ identifier: ROOM, type: "reject_subscription" }), "refused", ROOM, "", ""],
    ['{"type":"disconnect","reason":"remote","reconnect":true}', "disconnect", "", "", '"remote"'],
  ])("reads %s", (frame, kind, topic, event, payload) => {
    expect(readFrame(frame, "out", "actioncable-v1-json")).toEqual({ kind, topic, event, payload });
  });

  test("reads a binary push, and tells its bytes by their number", () => {
    const fields = { joinRef: "1", ref: "2", topic: "room:1", event: "picture" };
    const frame = encodeClientFrame({ ...fields, payload: new Uint8Array(300) });

    expect(readFrame(frame, "in", "phoenix-2")).toEqual({
      kind: "push",
      topic: "room:1",
      event: "picture",
      payload: '"[300 bytes]"',
    });
  });

  test("masks params, and the params in an identifier", () => {
    const frame = JSON.stringify({ command: "subscribe", identifier: '{"channel":"RoomChannel","token":"a-secret"}' });

    expect(readFrame(frame, "in", "actioncable-v1-json").topic).toBe('{"channel":"RoomChannel","token":"[hidden]"}');
    expect(readFrame('["1","1","room:1","phx_join",{"token":"a-secret"}]', "in", "phoenix-2").payload).toBe(
      '{"token":"[hidden]"}',
    );
  });

  test("shows nothing of what follows no grammar", () => {
    const unreadable = { kind: "unreadable", topic: "", event: "", payload: "" };

    expect(readFrame("token=a-secret", "in", "phoenix-2")).toEqual(unreadable);
    expect(readFrame('"token=a-secret"', "in", "phoenix-2")).toEqual(unreadable);
    expect(readFrame(new Uint8Array([9, 9, 9]), "in", "phoenix-2")).toEqual(unreadable);
    expect(readFrame(new Uint8Array([9, 9, 9]), "out", "phoenix-2")).toEqual(unreadable);
  });

  test("cuts a long payload", () => {
    const frame = JSON.stringify(["1", "2", "room:1", "new_msg", "x".repeat(5_000)]);

    expect(readFrame(frame, "in", "phoenix-2").payload).toBe(`"${"x".repeat(1_999)}…`);
  });
});
