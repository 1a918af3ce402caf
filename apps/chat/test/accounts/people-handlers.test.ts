import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { befriend, block, createBench, someDevice } from "./support.ts";

const EMPTY = { bio: "", location: "", website: "", gender: "", birthday: "" };

describe.each(testEngines())("finding people on $name", (engine) => {
  test("finds the user name first, then what begins with the words, then what holds them", async () => {
    await using bench = await createBench(engine);
    const seeker = await bench.register("seeker");
    for (const username of ["my_panda", "panda_2", "panda"]) await bench.register(username);
    const chinese = await bench.register("xiongmao");
    await bench.call("update_profile", { nickname: "大熊猫Panda" }, chinese);
    const names = async (query: string) =>
      (await bench.call("search_users", { query }, seeker)).users.map(({ username }) => username);

    expect(await names("PANDA")).toEqual(["panda", "panda_2", "my_panda", "xiongmao"]);
    expect(await names("熊猫")).toEqual(["xiongmao"]);
    expect(await names("nobody")).toEqual([]);
  });

  test("takes the wildcards of the database for letters", async () => {
    await using bench = await createBench(engine);
    const seeker = await bench.register("seeker");
    const percent = await bench.register("percent");
    await bench.call("update_profile", { nickname: String.raw`100% \o/` }, percent);
    await bench.register("under_score");
    await bench.register("underscore");
    const names = async (query: string) =>
      (await bench.call("search_users", { query }, seeker)).users.map(({ username }) => username);

    expect(await names("%")).toEqual(["percent"]);
    expect(await names("r_s")).toEqual(["under_score"]);
    expect(await names("\\")).toEqual(["percent"]);
    expect(await names("'; drop table users; --")).toEqual([]);
  });

  test("finds neither visitors, nor disabled users, nor the caller", async () => {
    await using bench = await createBench(engine);
    const seeker = await bench.register("panda_seeker");
    await bench.call("visit", { nickname: "panda visitor", device: someDevice() });
    const banned = await bench.register("panda_banned");
    await bench.accounts.operations.ban({ userId: banned.me.id, actorId: null });

    expect(await bench.call("search_users", { query: "panda" }, seeker)).toEqual({ users: [] });
  });

  test("gives twenty at most, and asks for patience when it comes too often", async () => {
    await using bench = await createBench(engine);
    const seeker = await bench.register("seeker");
    await bench.clock.advance(600_000);
    for (let place = 0; place < 21; place++) {
      await bench.accounts.operations.add({ username: `panda_${place}`, password: "password" });
    }
    const search = () => bench.call("search_users", { query: "panda" }, seeker);

    for (let count = 0; count < 30; count++) expect((await search()).users).toHaveLength(20);
    await expect(search()).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 1_000 });
  });

  test("a card leads to the profile at the public address", async () => {
    await using bench = await createBench(engine);
    const { me, ...session } = await bench.register("ada_l");

    const { path, qr } = await bench.call("get_my_card", {}, { me, ...session });

    expect(path).toBe(`/u/${me.id}`);
    expect(qr).toMatch(/^<svg [^>]*>.*<\/svg>$/s);
  });

  test("a stranger's profile shows details and no presence", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const visitor = await bench.call("visit", { device: someDevice() });
    await bench.call("update_profile", { details: { bio: "Poetical science" } }, ada);
    bench.accounts.onlineUsers.arrived(ada.me.id, "a connection");

    expect(await bench.call("get_user", { userId: ada.me.id }, visitor)).toEqual({
      user: { id: ada.me.id, kind: "user", username: "ada_l", nickname: "ada_l", avatar: null },
      details: { ...EMPTY, bio: "Poetical science" },
      presence: { userId: ada.me.id, online: false, lastSeenAt: null },
      isFriend: false,
      isBlocked: false,
      remark: "",
      addMe: "approval",
    });
  });

  test("a friend's profile shows presence and the caller's name for the friend", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const grace = await bench.register("grace_h");
    await befriend(bench, grace, ada, { remark: "Countess" });
    bench.accounts.onlineUsers.arrived(ada.me.id, "a connection");

    expect(await bench.call("get_user", { userId: ada.me.id }, grace)).toMatchObject({
      presence: { online: true, lastSeenAt: 1_700_000_000_000 },
      isFriend: true,
      remark: "Countess",
    });
    expect(await bench.call("get_user", { userId: grace.me.id }, ada)).toMatchObject({
      presence: { online: false, lastSeenAt: 1_700_000_000_000 },
      remark: "",
    });
  });

  test.each([
    ["the owner hides from the friend", "hide_mine", "ada"],
    ["the friend does not care for it", "hide_theirs", "grace"],
  ] as const)("details and presence are hidden when %s", async (_why, flag, whose) => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const grace = await bench.register("grace_h");
    await (whose === "ada" ? befriend(bench, ada, grace, { [flag]: 1 }) : befriend(bench, grace, ada, { [flag]: 1 }));
    for (const { session, bio } of [
      { session: ada, bio: "Poetical science" },
      { session: grace, bio: "Nanoseconds" },
    ])
      await bench.call("update_profile", { details: { bio } }, session);

    expect(await bench.call("get_user", { userId: ada.me.id }, grace)).toMatchObject({
      details: EMPTY,
      presence: { online: false, lastSeenAt: null },
      isFriend: true,
    });
    expect(await bench.call("get_presences", {}, grace)).toEqual({ presences: [] });
    expect(await bench.call("get_user", { userId: grace.me.id }, ada)).toMatchObject({
      details: { bio: "Nanoseconds" },
      presence: { lastSeenAt: 1_700_000_000_000 },
    });
    expect((await bench.call("get_presences", {}, ada)).presences).toHaveLength(1);
  });

  test("a block hides both from each other, and only the one who blocks is told", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const grace = await bench.register("grace_h");
    await befriend(bench, ada, grace);
    await block(bench, ada, grace);
    await bench.call("update_profile", { details: { bio: "Poetical science" } }, ada);

    expect(await bench.call("get_user", { userId: ada.me.id }, grace)).toMatchObject({
      details: EMPTY,
      presence: { online: false, lastSeenAt: null },
      isBlocked: false,
    });
    expect(await bench.call("get_user", { userId: grace.me.id }, ada)).toMatchObject({
      presence: { online: false, lastSeenAt: null },
      isBlocked: true,
    });
    expect(await bench.call("get_presences", {}, ada)).toEqual({ presences: [] });
    expect(await bench.call("get_presences", {}, grace)).toEqual({ presences: [] });
  });

  test("who does not show presence is not among the friends' presences", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const grace = await bench.register("grace_h");
    await befriend(bench, ada, grace);
    await bench.call("update_settings", { showPresence: false }, ada);

    expect(await bench.call("get_presences", {}, grace)).toEqual({ presences: [] });
    expect(await bench.call("get_user", { userId: ada.me.id }, grace)).toMatchObject({
      presence: { online: false, lastSeenAt: null },
    });
    expect(await bench.call("get_user", { userId: ada.me.id }, ada)).toMatchObject({
      presence: { lastSeenAt: 1_700_000_000_000 },
    });
  });

  test("nobody and the deleted are not found", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const gone = await bench.register("grace_h");
    await bench.database.write((transaction) =>
      transaction.updateTable("users").set({ status: "deleted" }).where("id", "=", gone.me.id).execute(),
    );

    for (const userId of ["nobody", gone.me.id])
      await expect(bench.call("get_user", { userId }, ada)).rejects.toMatchObject({ code: "not_found" });
  });
});
