import { CLOSE_CODES, type CloseName, ProtocolError } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import { PANDA_CHANNEL, panda, pandaRoom } from "../../src/panda/panda-protocol.ts";

const CHANNEL = { key: "panda", joinRef: null, ref: null };

describe("pandaRoom", () => {
  test("joins the room by itself, whatever the client offers", () => {
    expect(panda.negotiate({ vsn: undefined, subprotocols: [] })).toMatchObject({
      kind: "agreed",
      wireProtocol: pandaRoom,
    });
    expect(pandaRoom.opening).toEqual([
      { kind: "join", ...CHANNEL, target: { kind: "name", name: PANDA_CHANNEL }, params: {} },
    ]);
  });

  test("reads what a client says, and only what it may say", () => {
    expect(pandaRoom.decode('{"content":"hi","text":true,"avatarUrl":"x","id":9}')).toEqual({
      kind: "push",
      ...CHANNEL,
      event: "say",
      payload: { kind: "text", content: "hi" },
    });
  });

  test.each(["", "ping", "[]", '{"text":true}', Uint8Array.of(1)])("takes %s for malformed", (frame) => {
    expect(() => pandaRoom.decode(frame)).toThrow(ProtocolError);
  });

  test("writes the frames that its channel pushes, and nothing else", () => {
    const push = { kind: "push", key: "panda", joinRef: null, event: "frame" } as const;

    expect(pandaRoom.encode({ ...push, payload: '{"num":1,"type":"system"}' })).toBe('{"num":1,"type":"system"}');
    expect(pandaRoom.encode({ ...push, payload: { num: 1 } })).toBeUndefined();
    expect(
      pandaRoom.encode({ kind: "reply", ...CHANNEL, status: "error", response: { error: "muted" } }),
    ).toBeUndefined();
    expect(pandaRoom.encode({ kind: "welcome" })).toBeUndefined();
  });

  test.each(Object.keys(CLOSE_CODES) as CloseName[])(
    "names an error for %s only where the session has ended",
    (name) => {
      const { frame, code } = pandaRoom.farewell(name);

      expect(code).toBe(CLOSE_CODES[name].code);
      expect(String(frame).includes("error")).toBe(name === "unauthenticated");
    },
  );
});
