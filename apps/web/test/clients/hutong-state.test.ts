import { ChannelError } from "@hutong/client";
import { describe, expect, test } from "vitest";

import { toRoomState } from "../../src/clients/hutong-state.ts";

const open = { kind: "open", transport: "websocket" } as const;
const joined = { kind: "joined", response: {} } as const;
const joining = { kind: "joining" } as const;

describe("toRoomState", () => {
  test("an open link with a joined channel is live", () => {
    expect(toRoomState(open, joined)).toEqual({ kind: "live" });
  });

  test("an open link whose channel is not joined yet is connecting", () => {
    expect(toRoomState(open, joining)).toEqual({ kind: "connecting" });
  });

  test("a first attempt is connecting, a later one is reconnecting", () => {
    expect(toRoomState({ kind: "connecting", attempt: 1 }, joining)).toEqual({ kind: "connecting" });
    expect(toRoomState({ kind: "connecting", attempt: 2 }, joining)).toEqual({
      kind: "reconnecting",
      retryAtMs: undefined,
    });
  });

  test("a waiting link says when it tries again", () => {
    const waiting = { kind: "waiting", attempt: 2, retryAtMs: 5_000, reason: "" } as const;

    expect(toRoomState(waiting, joining)).toEqual({ kind: "reconnecting", retryAtMs: 5_000 });
    expect(toRoomState({ ...waiting, kind: "offline" }, joining)).toEqual({ kind: "offline" });
  });

  test("a channel that waits on an open link says when it joins again", () => {
    const waiting = { kind: "waiting", retryAtMs: 7_000, error: new ChannelError("join_crashed") } as const;

    expect(toRoomState(open, waiting)).toEqual({ kind: "reconnecting", retryAtMs: 7_000 });
  });

  test("a refusal carries the server's reason whatever the link does", () => {
    const refused = { kind: "refused", error: new ChannelError("join_refused", { reason: "unauthorized" }) } as const;

    expect(toRoomState(open, refused)).toEqual({ kind: "refused", reason: "unauthorized" });
    expect(toRoomState({ kind: "connecting", attempt: 2 }, refused)).toEqual({
      kind: "refused",
      reason: "unauthorized",
    });
  });

  test("a link that was closed for good says why", () => {
    const closed = { kind: "closed", cause: "socket_closed" } as const;

    expect(toRoomState({ kind: "closed", code: 4500, reason: "unauthenticated" }, closed)).toEqual({
      kind: "closed",
      reason: "unauthenticated",
    });
    expect(toRoomState({ kind: "closed", code: 4500, reason: "" }, closed)).toEqual({ kind: "closed", reason: "4500" });
  });
});
