import { testEngines } from "@hutong/database/testing";
import type { Session } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";
import { type AccountBench, createBench, someDevice } from "./support.ts";

/** Which of these sessions still live. */
async function living({ accounts }: AccountBench, sessions: readonly Session[]): Promise<boolean[]> {
  const callers = await Promise.all(sessions.map(({ accessToken }) => accounts.authenticate(accessToken)));
  return callers.map((caller) => typeof caller !== "string");
}

/** Signs `ada_l` in on a platform, with a device of its own unless a key is given. */
function signIn(bench: AccountBench, platform: "web" | "wechat" | "desktop", key?: string): Promise<Session> {
  const device = someDevice({ platform, ...(key !== undefined && { key }) });
  return bench.call("sign_in", { username: "ada_l", password: "password", device });
}

describe.each(testEngines())("sessions on $name", (engine) => {
  test("one per platform: the latest sign-in of a platform stays", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l");
    const wechat = await signIn(bench, "wechat");

    const laterWeb = await signIn(bench, "web");

    expect(await living(bench, [web, wechat, laterWeb])).toEqual([false, true, true]);
  });

  test("one: only the latest sign-in stays", async () => {
    await using bench = await createBench(engine, { options: { loginPolicy: "one" } });
    const web = await bench.register("ada_l");
    const wechat = await signIn(bench, "wechat");

    expect(await living(bench, [web, wechat])).toEqual([false, true]);
  });

  test("all: every device stays, and a device that signs in again has one session", async () => {
    await using bench = await createBench(engine, { options: { loginPolicy: "all" } });
    const first = await bench.register("ada_l");
    const second = await signIn(bench, "web", "the same device");
    const third = await signIn(bench, "web", "the same device");

    expect(await living(bench, [first, second, third])).toEqual([true, false, true]);
  });

  test("all: beyond the limit the oldest session ends", async () => {
    await using bench = await createBench(engine, { options: { loginPolicy: "all", maxSessions: 2 } });
    const first = await bench.register("ada_l");
    const second = await signIn(bench, "web");
    const third = await signIn(bench, "web");

    expect(await living(bench, [first, second, third])).toEqual([false, true, true]);
  });

  test("of two sign-ins at once on one platform one session lives", async () => {
    await using bench = await createBench(engine);
    await bench.register("ada_l");

    const sessions = await Promise.all([signIn(bench, "desktop"), signIn(bench, "desktop")]);

    expect((await living(bench, sessions)).filter(Boolean)).toHaveLength(1);
  });

  test("who is signed out by the policy hears it, and its connections end", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l");

    await signIn(bench, "web");
    await bench.clock.settle();

    await expect.poll(() => bench.revoked).toEqual([web.sessionId]);
    expect(bench.pushes).toEqual([
      {
        topic: `inbox:${web.me.id}`,
        event: "kicked",
        payload: { sessionId: web.sessionId, reason: "signed_in_elsewhere" },
      },
    ]);
  });

  test("the devices are listed, the latest used first", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l", { name: "Firefox" });
    await bench.clock.advance(1_000);
    const wechat = await signIn(bench, "wechat");
    await bench.clock.advance(1_000);
    await bench.call("refresh_session", { refreshToken: web.refreshToken });
    const stranger = await bench.register("grace_h");

    const { devices } = await bench.call("list_devices", {}, web);

    expect(devices).toEqual([
      {
        sessionId: web.sessionId,
        platform: "web",
        name: "Firefox",
        createdAt: 1_700_000_000_000,
        lastSeenAt: 1_700_000_002_000,
        current: true,
      },
      {
        sessionId: wechat.sessionId,
        platform: "wechat",
        name: "A browser",
        createdAt: 1_700_000_001_000,
        lastSeenAt: 1_700_000_001_000,
        current: false,
      },
    ]);
    expect(devices.map(({ sessionId }) => sessionId)).not.toContain(stranger.sessionId);
  });

  test("signing out ends this session and no other", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l");
    const wechat = await signIn(bench, "wechat");

    await bench.call("sign_out", {}, web);
    await bench.clock.settle();

    await expect.poll(() => bench.revoked).toEqual([web.sessionId]);
    expect(bench.pushes).toMatchObject([{ payload: { sessionId: web.sessionId, reason: "signed_out" } }]);
    expect(await living(bench, [web, wechat])).toEqual([false, true]);
    const attempt = bench.call("refresh_session", { refreshToken: web.refreshToken });
    await expect(attempt).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("one device signs another one out", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l");
    const wechat = await signIn(bench, "wechat");

    await bench.call("end_session", { sessionId: web.sessionId }, wechat);
    await bench.clock.settle();

    await expect.poll(() => bench.revoked).toEqual([web.sessionId]);
    expect(bench.pushes).toMatchObject([{ payload: { reason: "session_ended" } }]);
    expect(await living(bench, [web, wechat])).toEqual([false, true]);
    const again = bench.call("end_session", { sessionId: web.sessionId }, wechat);
    await expect(again).rejects.toMatchObject({ code: "not_found" });
  });

  test("nobody ends somebody else's session", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const grace = await bench.register("grace_h");

    const attempt = bench.call("end_session", { sessionId: ada.sessionId }, grace);

    await expect(attempt).rejects.toMatchObject({ code: "not_found" });
    expect(await living(bench, [ada])).toEqual([true]);
  });

  test("a new password ends all other sessions", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l");
    const wechat = await signIn(bench, "wechat");

    await bench.call("change_password", { oldPassword: "password", newPassword: "a better one" }, web);
    await bench.clock.settle();

    await expect.poll(() => bench.revoked).toEqual([wechat.sessionId]);
    expect(await living(bench, [web, wechat])).toEqual([true, false]);
    await expect(signIn(bench, "desktop")).rejects.toMatchObject({ code: "wrong_credentials" });
    const withNew = { username: "ada_l", password: "a better one", device: someDevice({ platform: "desktop" }) };
    expect((await bench.call("sign_in", withNew)).me.id).toBe(web.me.id);
  });

  test("a wrong old password changes nothing", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l");

    const attempt = bench.call("change_password", { oldPassword: "passw0rd", newPassword: "a better one" }, web);

    await expect(attempt).rejects.toMatchObject({ code: "wrong_credentials" });
    expect((await signIn(bench, "wechat")).me.id).toBe(web.me.id);
  });

  test("of two changes of a password at once one holds", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l");
    const change = (newPassword: string) =>
      bench.call("change_password", { oldPassword: "password", newPassword }, web);

    const outcomes = await Promise.allSettled([change("password one"), change("password two")]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("old passwords are not guessed faster than at the door", async () => {
    await using bench = await createBench(engine);
    const web = await bench.register("ada_l");
    const guess = () => bench.call("change_password", { oldPassword: "passw0rd", newPassword: "a better one" }, web);

    for (let count = 0; count < 10; count++) await expect(guess()).rejects.toMatchObject({ code: "wrong_credentials" });

    await expect(guess()).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 6_000 });
  });

  test("an account without a password has none to change", async () => {
    const codeToSession = () => Promise.resolve({ openid: "an openid", unionid: undefined, sessionKey: "a key" });
    await using bench = await createBench(engine, { codeToSession });
    const session = await bench.call("sign_in_with_wechat", { code: "a code", device: someDevice() });

    const attempt = bench.call("change_password", { oldPassword: "", newPassword: "a better one" }, session);

    await expect(attempt).rejects.toMatchObject({ code: "conflict" });
  });
});
