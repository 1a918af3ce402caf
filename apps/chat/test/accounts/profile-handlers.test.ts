import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { createBench, someDevice } from "./support.ts";

describe.each(testEngines())("one's own account on $name", (engine) => {
  test("changes what is given and keeps the rest", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    await bench.call("update_profile", { details: { bio: "Poetical science", gender: "female" } }, session);

    const me = await bench.call("update_profile", { nickname: "Ada", details: { location: "London" } }, session);

    expect(me).toEqual({
      ...session.me,
      nickname: "Ada",
      details: { bio: "Poetical science", location: "London", website: "", gender: "female", birthday: "" },
    });
    expect(await bench.call("get_me", {}, session)).toEqual(me);
  });

  test("tells the user's devices of the change, by a numbered event", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");

    const me = await bench.call("update_profile", { nickname: "Ada" }, session);

    expect(bench.pushes).toEqual([
      {
        topic: `inbox:${me.id}`,
        event: "user_event",
        payload: { userSeq: 1, event: { kind: "me_changed", me } },
      },
    ]);
  });

  test("two changes at once both hold", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");

    await Promise.all([
      bench.call("update_profile", { details: { bio: "Poetical science" } }, session),
      bench.call("update_profile", { details: { location: "London" } }, session),
    ]);

    const { details } = await bench.call("get_me", {}, session);
    expect(details).toMatchObject({ bio: "Poetical science", location: "London" });
  });

  test.each([
    { details: { website: "javascript:alert(1)" } },
    { details: { birthday: "yesterday" } },
    { nickname: "  " },
    { nickname: "a".repeat(31) },
  ])("refuses %j", async (input) => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");

    await expect(bench.call("update_profile", input, session)).rejects.toMatchObject({ code: "bad_request" });
  });

  test("an avatar is one of the user's own profile pictures, or none", async () => {
    const asked: string[] = [];
    await using bench = await createBench(engine, {
      isOwnAvatar: (userId, fileId) => {
        asked.push(`${userId} ${fileId}`);
        return Promise.resolve(fileId === "own");
      },
    });
    const session = await bench.register("ada_l");

    const attempt = bench.call("update_profile", { avatar: "foreign" }, session);
    await expect(attempt).rejects.toMatchObject({ code: "not_found" });
    expect((await bench.call("update_profile", { avatar: "own" }, session)).avatar).toBe("own");
    expect((await bench.call("update_profile", { nickname: "Ada" }, session)).avatar).toBe("own");
    expect((await bench.call("update_profile", { avatar: null }, session)).avatar).toBeNull();
    expect(asked).toEqual([`${session.me.id} foreign`, `${session.me.id} own`]);
  });

  test("settings change one by one", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    await bench.call("update_settings", { strangers: { visitor: 0, user: null } }, session);

    const me = await bench.call("update_settings", { addMe: "nobody" }, session);

    expect(me.settings).toEqual({ strangers: { visitor: 0, user: null }, addMe: "nobody", showPresence: true });
  });

  test("a visitor who upgrades keeps id, sessions and nickname", async () => {
    await using bench = await createBench(engine);
    const visitor = await bench.call("visit", { nickname: "熊猫", device: someDevice() });

    const me = await bench.call("upgrade_visitor", { username: "Panda_1", password: "password" }, visitor);

    expect(me).toEqual({ ...visitor.me, kind: "user", username: "Panda_1" });
    expect(await bench.accounts.authenticate(visitor.accessToken)).toMatchObject({ userId: me.id, kind: "user" });
    const device = someDevice({ platform: "wechat" });
    expect((await bench.call("sign_in", { username: "panda_1", password: "password", device })).me).toEqual(me);
  });

  test("a visitor cannot take a name, nor a user another one", async () => {
    await using bench = await createBench(engine);
    const user = await bench.register("ada_l");
    const visitor = await bench.call("visit", { device: someDevice() });

    const taken = bench.call("upgrade_visitor", { username: "ADA_L", password: "password" }, visitor);
    await expect(taken).rejects.toMatchObject({ code: "name_taken" });
    expect((await bench.call("get_me", {}, visitor)).kind).toBe("visitor");
    const second = bench.call("upgrade_visitor", { username: "ada_2", password: "password" }, user);
    await expect(second).rejects.toMatchObject({ code: "conflict" });
  });

  test("of two upgrades to one name at once one succeeds", async () => {
    await using bench = await createBench(engine);
    const visitors = [
      await bench.call("visit", { device: someDevice() }),
      await bench.call("visit", { device: someDevice() }),
    ];

    const outcomes = await Promise.allSettled(
      visitors.map((visitor) => bench.call("upgrade_visitor", { username: "panda", password: "password" }, visitor)),
    );

    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
