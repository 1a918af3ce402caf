import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { WechatError } from "../../src/wechat/wechat-error.ts";
import { createBench, MINUTE_MS, someDevice } from "./support.ts";

const login = (openid: string) => ({ openid, unionid: undefined, sessionKey: "a session key" });

describe.each(testEngines())("signing in on $name", (engine) => {
  test("a new account is signed in and keeps its name as it was written", async () => {
    await using bench = await createBench(engine);

    const session = await bench.register("Ada_1815");

    expect(session.me).toEqual({
      id: session.me.id,
      kind: "user",
      username: "Ada_1815",
      nickname: "Ada_1815",
      avatar: null,
      details: { bio: "", location: "", website: "", gender: "", birthday: "" },
      settings: { strangers: { visitor: 1, user: 1 }, addMe: "approval", showPresence: true },
      createdAt: 1_700_000_000_000,
    });
    expect(session.expiresInMs).toBe(15 * MINUTE_MS);
    expect(await bench.call("get_me", {}, session)).toEqual(session.me);
  });

  test("a name is taken in whatever case", async () => {
    await using bench = await createBench(engine);
    await bench.register("ada_l");

    await expect(bench.register("ADA_L")).rejects.toMatchObject({ code: "name_taken" });
  });

  test("of two registrations of one name at once one succeeds", async () => {
    await using bench = await createBench(engine);

    const outcomes = await Promise.allSettled([bench.register("ada_l"), bench.register("Ada_L")]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "name_taken" } });
    expect(await bench.accounts.operations.list()).toHaveLength(1);
  });

  test("the right password opens another session of the same user", async () => {
    await using bench = await createBench(engine);
    const first = await bench.register("ada_l");

    const second = await bench.call("sign_in", { username: "ADA_l", password: "password", device: someDevice() });

    expect(second.me).toEqual(first.me);
    expect(second.sessionId).not.toBe(first.sessionId);
  });

  test("a wrong name is refused like a wrong password, after the same check of a hash", async () => {
    await using bench = await createBench(engine);
    await bench.register("ada_l");
    const attempt = (username: string, password: string) =>
      bench.call("sign_in", { username, password, device: someDevice() });

    await expect(attempt("ada_l", "passw0rd")).rejects.toMatchObject({ code: "wrong_credentials" });
    expect(bench.argon2.checks).toBe(1);
    await expect(attempt("nobody", "password")).rejects.toMatchObject({ code: "wrong_credentials" });
    expect(bench.argon2.checks).toBe(2);
    await expect(attempt("%", "password")).rejects.toMatchObject({ code: "wrong_credentials" });
    expect(bench.argon2.checks).toBe(3);
  });

  test("a disabled account is told only to whoever knows the password", async () => {
    await using bench = await createBench(engine);
    const { me } = await bench.register("ada_l");
    await bench.accounts.operations.ban({ userId: me.id, actorId: null });
    const attempt = (password: string) => bench.call("sign_in", { username: "ada_l", password, device: someDevice() });

    await expect(attempt("password")).rejects.toMatchObject({ code: "account_disabled" });
    await expect(attempt("passw0rd")).rejects.toMatchObject({ code: "wrong_credentials" });
  });

  test("a visitor needs no account and may give a nickname", async () => {
    await using bench = await createBench(engine);

    const named = await bench.call("visit", { nickname: "熊猫", device: someDevice() });
    const unnamed = await bench.call("visit", { device: someDevice() });

    expect(named.me).toMatchObject({ kind: "visitor", username: null, nickname: "熊猫" });
    expect(unnamed.me.nickname).toMatch(/^guest-[0-9a-f]{4}$/);
    await expect(bench.call("search_users", { query: "ada" }, named)).rejects.toMatchObject({ code: "users_only" });
  });

  test("WeChat that is not configured is unavailable", async () => {
    await using bench = await createBench(engine);

    const attempt = bench.call("sign_in_with_wechat", { code: "a code", device: someDevice() });

    await expect(attempt).rejects.toMatchObject({ code: "unavailable" });
  });

  test("an openid makes an account the first time and finds it afterwards", async () => {
    await using bench = await createBench(engine, {
      codeToSession: (code) => Promise.resolve(login(`openid of ${code}`)),
    });
    const attempt = (code: string, nickname?: string) =>
      bench.call("sign_in_with_wechat", {
        code,
        device: someDevice({ platform: "wechat" }),
        ...(nickname && { nickname }),
      });

    const first = await attempt("ada", "Ada");
    const again = await attempt("ada", "Someone else");
    const other = await attempt("grace");

    expect(first.me).toMatchObject({ kind: "user", username: null, nickname: "Ada" });
    expect(again.me).toEqual(first.me);
    expect(other.me.id).not.toBe(first.me.id);
  });

  test("the key of a session of WeChat's is not kept, the first time and later", async () => {
    await using bench = await createBench(engine, { codeToSession: () => Promise.resolve(login("one openid")) });
    for (let count = 0; count < 2; count++)
      await bench.call("sign_in_with_wechat", { code: "a code", device: someDevice() });

    const identities = await bench.database.read.selectFrom("identities").select(["subject", "secret"]).execute();

    expect(identities).toEqual([{ subject: "one openid", secret: "" }]);
  });

  test("two first logins of one openid at once find the same account", async () => {
    await using bench = await createBench(engine, { codeToSession: () => Promise.resolve(login("one openid")) });
    const attempt = () => bench.call("sign_in_with_wechat", { code: "a code", device: someDevice() });

    const [one, other] = await Promise.all([attempt(), attempt()]);

    expect(one.me.id).toBe(other.me.id);
    expect(await bench.accounts.operations.list()).toHaveLength(1);
  });

  test.each([
    ["invalid_code", "invalid_code"],
    ["forbidden", "forbidden"],
    ["rate_limited", "unavailable"],
    ["unavailable", "unavailable"],
    ["internal", "unavailable"],
  ] as const)("what WeChat answers with %s is %s", async (wechatCode, code) => {
    const codeToSession = () => Promise.reject(new WechatError(wechatCode, "/sns/jscode2session"));
    await using bench = await createBench(engine, { codeToSession });

    const attempt = bench.call("sign_in_with_wechat", { code: "a code", device: someDevice() });

    await expect(attempt).rejects.toMatchObject({ code });
  });

  test("guesses at one account are slowed down wherever they come from", async () => {
    await using bench = await createBench(engine);
    await bench.register("ada_l");
    const attempt = (place: number) =>
      bench.call(
        "sign_in",
        { username: place % 2 === 0 ? "ada_l" : "ADA_L", password: "passw0rd", device: someDevice() },
        undefined,
        `192.0.2.${place}`,
      );

    for (let place = 0; place < 10; place++)
      await expect(attempt(place)).rejects.toMatchObject({ code: "wrong_credentials" });
    await expect(attempt(10)).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 6_000 });
    await bench.clock.advance(6_000);
    await expect(attempt(11)).rejects.toMatchObject({ code: "wrong_credentials" });
  });

  test("registrations from one address are slowed down", async () => {
    await using bench = await createBench(engine);

    for (let place = 0; place < 20; place++) await bench.register(`user_${place}`);

    await expect(bench.register("user_20")).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 12_000 });
  });
});
