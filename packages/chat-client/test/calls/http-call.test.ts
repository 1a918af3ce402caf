import { describe, expect, test } from "vitest";

import { createHttpCall, type SendRequest, toRequest } from "../../src/calls/http-call.ts";

function answering(status: number, body: unknown): SendRequest {
  return async () => ({ status, body });
}

describe("toRequest", () => {
  test("fields of the path go into the path, the rest of a read into the query", () => {
    expect(toRequest("pull_messages", { conversationId: "a/b", before: 7, limit: 50, after: undefined })).toEqual({
      method: "GET",
      path: "/api/conversations/a%2Fb/messages?before=7&limit=50",
      body: undefined,
    });
  });

  test("the rest of a change goes into the body", () => {
    expect(toRequest("edit_message", { conversationId: "c1", seq: 3, text: "new" })).toEqual({
      method: "PUT",
      path: "/api/conversations/c1/messages/3",
      body: { text: "new" },
    });
  });
});

describe("createHttpCall", () => {
  test("an answer is given as it came, and the token goes where servers look for it", async () => {
    const asked: object[] = [];
    const call = createHttpCall(async (request) => {
      asked.push(request);
      return { status: 200, body: { devices: [] } };
    });

    expect(await call("list_devices", {}, "token")).toEqual({ devices: [] });
    expect(asked).toEqual([
      { method: "GET", path: "/api/sessions", headers: { authorization: "Bearer token" }, body: undefined },
    ]);
  });

  test("a call without a session carries no token", async () => {
    const asked: unknown[] = [];
    const call = createHttpCall(async ({ headers }) => {
      asked.push(headers);
      return { status: 201, body: {} };
    });
    await call("visit", { device: {} }, undefined);

    expect(asked).toEqual([{}]);
  });

  test("a refusal keeps its code and when to try again", async () => {
    const call = createHttpCall(answering(429, { error: { reason: "slow_mode", message: "", retryAfterMs: 900 } }));

    await expect(call("get_me", {}, "token")).rejects.toMatchObject({ code: "slow_mode", retryAfterMs: 900 });
  });

  test("an answer that cannot be read is the network's fault, one without a reason the server's", async () => {
    const broken = createHttpCall(async () => Promise.reject(new TypeError("offline")));
    const odd = createHttpCall(answering(502, "Bad gateway"));

    await expect(broken("get_me", {}, "token")).rejects.toMatchObject({ code: "network" });
    await expect(odd("get_me", {}, "token")).rejects.toMatchObject({ code: "internal" });
  });
});
