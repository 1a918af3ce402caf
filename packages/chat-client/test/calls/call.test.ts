import type { SocketActionName } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";

import { type ActionLink, createAnonymousCall, createCall, type TokenSource } from "../../src/calls/call.ts";
import { CallError } from "../../src/calls/call-error.ts";
import type { HttpCall } from "../../src/calls/http-call.ts";

/** Two ways to a server, and what was asked for on each. */
function createWays(isLive: boolean, failures: CallError[] = []) {
  const asked: string[] = [];
  const link: ActionLink = {
    isLive: () => isLive,
    push: async (name) => void asked.push(`socket ${name}`),
  };
  const http: HttpCall = async (name, _input, token) => {
    asked.push(`http ${name} with ${token ?? "nothing"}`);
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return {};
  };
  const tokens: TokenSource = { token: async () => "old", refresh: async (used) => `after ${used}` };
  return { asked, http, call: createCall(link, http, tokens) };
}

const NAME: SocketActionName = "list_devices";

describe("createCall", () => {
  test("a live link carries the call, otherwise HTTP does, with a token", async () => {
    const [live, offline] = [createWays(true), createWays(false)];

    await live.call(NAME, {});
    await offline.call(NAME, {});

    expect([live.asked, offline.asked]).toEqual([["socket list_devices"], ["http list_devices with old"]]);
  });

  test("a token that has just ended is traded and the call made again", async () => {
    const { call, asked } = createWays(false, [new CallError("token_expired")]);

    await call(NAME, {});

    expect(asked).toEqual(["http list_devices with old", "http list_devices with after old"]);
  });

  test("any other refusal is the caller's, and so is a second one", async () => {
    const refused = createWays(false, [new CallError("forbidden")]);
    const twice = createWays(false, [new CallError("token_expired"), new CallError("token_expired")]);

    await expect(refused.call(NAME, {})).rejects.toMatchObject({ code: "forbidden" });
    await expect(twice.call(NAME, {})).rejects.toMatchObject({ code: "token_expired" });
    expect([refused.asked.length, twice.asked.length]).toEqual([1, 2]);
  });
});

describe("createAnonymousCall", () => {
  test("it carries no token", async () => {
    const { http, asked } = createWays(true);

    await createAnonymousCall(http)("refresh_session", { refreshToken: "r" });

    expect(asked).toEqual(["http refresh_session with nothing"]);
  });
});
