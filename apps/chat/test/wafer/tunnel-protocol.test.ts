import { CLOSE_CODES, type CloseName, ProtocolError, type ServerMessage } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import { TUNNEL_CHANNEL, wafer, waferTunnel } from "../../src/wafer/tunnel-protocol.ts";

const CHANNEL = { key: "tunnel", joinRef: null, ref: null };

describe("waferTunnel", () => {
  test("joins its channel by itself, whatever the client offers", () => {
    expect(wafer.negotiate({ vsn: undefined, subprotocols: ["other"] })).toMatchObject({
      kind: "agreed",
      wireProtocol: waferTunnel,
      subprotocol: undefined,
    });
    expect(waferTunnel.opening).toEqual([
      { kind: "join", ...CHANNEL, target: { kind: "name", name: TUNNEL_CHANNEL }, params: {} },
    ]);
  });

  test.each([
    ["ping", { kind: "heartbeat", ref: null }],
    ["close", { kind: "leave", ...CHANNEL }],
    ["pong", { kind: "pong" }],
    ["timeout:7", { kind: "pong" }],
    ["what:ever", { kind: "pong" }],
    [
      'message:{"type":"speak","content":{"word":"a:b"}}',
      { kind: "push", ...CHANNEL, event: "speak", payload: { word: "a:b" } },
    ],
    ['message:{"type":"bare"}', { kind: "push", ...CHANNEL, event: "bare", payload: undefined }],
  ])("reads %s", (frame, message) => {
    expect(waferTunnel.decode(frame)).toEqual(message);
  });

  test.each(["message:", "message:{", "message:[]", "timeout:never", Uint8Array.of(1)])(
    "takes %s for malformed",
    (frame) => {
      expect(() => waferTunnel.decode(frame)).toThrow(ProtocolError);
    },
  );

  test.each<[ServerMessage, string | undefined]>([
    [{ kind: "welcome" }, "timeout:15"],
    [{ kind: "heartbeat_reply", ref: null }, "pong"],
    [
      { kind: "push", key: "tunnel", joinRef: null, event: "speak", payload: { word: "a:b" } },
      'message:{"type":"speak","content":{"word":"a:b"}}',
    ],
    [{ kind: "reply", ...CHANNEL, status: "ok", response: {} }, undefined],
    [
      { kind: "reply", ...CHANNEL, status: "error", response: { reason: "muted" } },
      'message:{"type":"error","content":{"reason":"muted"}}',
    ],
    [{ kind: "ended", key: "tunnel", joinRef: null, cause: "left" }, undefined],
    [{ kind: "ended", key: "tunnel", joinRef: null, cause: "stopped" }, "close"],
    [{ kind: "refused", ...CHANNEL, response: {} }, "close"],
    [{ kind: "crashed", key: "tunnel", joinRef: null }, "close"],
    [{ kind: "ping", atMs: 1 }, undefined],
    [{ kind: "broadcast", key: "tunnel", event: "new_msg", payload: {} }, undefined],
  ])("writes %o", (message, frame) => {
    expect(waferTunnel.encode(message)).toBe(frame);
  });

  test.each(Object.keys(CLOSE_CODES) as CloseName[])("says of %s whether to come back", (name) => {
    const { code, reconnect } = CLOSE_CODES[name];

    expect(waferTunnel.farewell(name)).toEqual({ frame: reconnect ? undefined : "close", code, reason: name });
  });
});
