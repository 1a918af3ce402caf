import type { Session } from "@hutong/chat-api";
import { memoryStorage } from "@hutong/client/wechat";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import type { EntryCall } from "../../miniprogram/model/call";
import { CallError } from "../../miniprogram/model/call-error";
import { Changes } from "../../miniprogram/model/changes";
import { SessionStore } from "../../miniprogram/model/session-store";
import { ME } from "../support/scripted-server";

const session = (number: number): Session => ({
  me: ME,
  sessionId: "s-1",
  accessToken: `access-${number}`,
  refreshToken: `refresh-${number}`,
  expiresInMs: 60_000,
});

function createStore(answers: (Session | CallError)[], storage = memoryStorage()) {
  const clock = new FakeClock();
  const asked: unknown[] = [];
  const call: EntryCall = async (_name, input) => {
    asked.push(input);
    const answer = answers.shift();
    if (answer === undefined || answer instanceof CallError) throw answer ?? new CallError("network");
    return answer as never; // only sessions are asked for here
  };
  return { clock, asked, storage, store: new SessionStore({ storage, call, clock, changes: new Changes(clock) }) };
}

describe("the session", () => {
  test("all who need a new token share one refresh, for a refresh token works once", async () => {
    const { store, clock, asked } = createStore([session(2)]);
    store.adopt(session(1));
    await clock.advance(40_000);

    expect(await Promise.all([store.token(), store.token(), store.refresh("access-1")])).toEqual([
      "access-2",
      "access-2",
      "access-2",
    ]);
    expect(asked).toEqual([{ refreshToken: "refresh-1" }]);
    expect(await store.refresh("access-1")).toBe("access-2");
  });

  test("the next run takes it up", async () => {
    const storage = memoryStorage();
    createStore([], storage).store.adopt(session(1));

    const { store } = createStore([], storage);
    await store.restore();

    expect(await store.token()).toBe("access-1");
  });

  test("a refusal of the refresh ends it, a lost answer does not", async () => {
    const { store } = createStore([new CallError("network"), new CallError("unauthorized")]);
    store.adopt(session(1));

    await expect(store.refresh("access-1")).rejects.toMatchObject({ code: "network" });
    expect(store.current?.sessionId).toBe("s-1");
    await expect(store.refresh("access-1")).rejects.toMatchObject({ code: "unauthorized" });

    expect([store.current, store.ended]).toEqual([undefined, "session_ended"]);
  });

  test("what the storage holds is not trusted", async () => {
    const storage = memoryStorage();
    await storage.set("session", '{"me":{"id":1},"accessToken":"a"}');
    const { store } = createStore([], storage);

    await store.restore();

    expect(store.current).toBeUndefined();
    await expect(store.token()).rejects.toMatchObject({ code: "unauthorized" });
  });
});
