import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { createBench, someDevice } from "./support.ts";

describe.each(testEngines())("what operators do on $name", (engine) => {
  test("an account that was added signs in", async () => {
    await using bench = await createBench(engine);

    const id = await bench.accounts.operations.add({ username: "Ada_L", password: "password", nickname: "Ada" });

    const session = await bench.call("sign_in", { username: "ada_l", password: "password", device: someDevice() });
    expect(session.me).toMatchObject({ id, username: "Ada_L", nickname: "Ada" });
    const again = bench.accounts.operations.add({ username: "ADA_L", password: "password" });
    await expect(again).rejects.toMatchObject({ code: "name_taken" });
  });

  test("accounts are listed in pages, the oldest first", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const visitor = await bench.call("visit", { nickname: "熊猫", device: someDevice() });

    const [first] = await bench.accounts.operations.list({ limit: 1 });
    const rest = await bench.accounts.operations.list({ after: ada.me.id });

    expect(first).toEqual({
      id: ada.me.id,
      kind: "user",
      username: "ada_l",
      nickname: "ada_l",
      avatar: null,
      status: "active",
      createdAt: 1_700_000_000_000,
      lastSeenAt: 1_700_000_000_000,
    });
    expect(rest.map(({ id }) => id)).toEqual([visitor.me.id]);
  });

  test("an account is found by its name in whatever case, or by its id", async () => {
    await using bench = await createBench(engine);
    const { me } = await bench.register("ada_l");
    const visitor = await bench.call("visit", { device: someDevice() });

    expect(await bench.accounts.operations.find("ADA_L")).toBe(me.id);
    expect(await bench.accounts.operations.find(visitor.me.id)).toBe(visitor.me.id);
    await expect(bench.accounts.operations.find("nobody")).rejects.toMatchObject({ code: "not_found" });
  });

  test("a ban ends every session and is written down", async () => {
    await using bench = await createBench(engine);
    const admin = await bench.register("grace_h");
    const session = await bench.register("ada_l");

    await bench.accounts.operations.ban({ userId: session.me.id, actorId: admin.me.id, detail: "spam" });

    expect(await bench.accounts.authenticate(session.accessToken)).toBe("unauthorized");
    const audit = await bench.database.read.selectFrom("audit").selectAll().execute();
    expect(audit).toEqual([
      {
        id: audit[0]?.id,
        at: 1_700_000_000_000,
        actor_id: admin.me.id,
        action: "user_banned",
        target: session.me.id,
        detail: "spam",
      },
    ]);
  });

  test("after the ban is lifted the user signs in anew", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    await bench.accounts.operations.ban({ userId: session.me.id, actorId: null });

    await bench.accounts.operations.unban({ userId: session.me.id, actorId: null });

    expect(await bench.accounts.authenticate(session.accessToken)).toBe("unauthorized");
    const anew = await bench.call("sign_in", { username: "ada_l", password: "password", device: someDevice() });
    expect(anew.me.id).toBe(session.me.id);
    const audit = await bench.database.read.selectFrom("audit").select("action").orderBy("id").execute();
    expect(audit.map(({ action }) => action)).toEqual(["user_banned", "user_unbanned"]);
  });

  test("a ban and a sign-in at once leave no living session", async () => {
    await using bench = await createBench(engine);
    const { me } = await bench.register("ada_l");
    const device = someDevice({ platform: "wechat" });

    await Promise.allSettled([
      bench.call("sign_in", { username: "ada_l", password: "password", device }),
      bench.accounts.operations.ban({ userId: me.id, actorId: null }),
      bench.call("sign_in", { username: "ada_l", password: "password", device: someDevice() }),
    ]);

    const rows = await bench.database.read.selectFrom("sessions").selectAll().where("revoked_at", "=", 0).execute();
    expect(rows).toEqual([]);
  });

  test("a password that was set replaces the old one and ends every session", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");

    await bench.accounts.operations.setPassword({ userId: session.me.id, actorId: null }, "a better one");

    expect(await bench.accounts.authenticate(session.accessToken)).toBe("unauthorized");
    const attempt = (password: string) => bench.call("sign_in", { username: "ada_l", password, device: someDevice() });
    await expect(attempt("password")).rejects.toMatchObject({ code: "wrong_credentials" });
    expect((await attempt("a better one")).me.id).toBe(session.me.id);
  });

  test("what names nobody is not found and leaves no trace", async () => {
    await using bench = await createBench(engine);
    const visitor = await bench.call("visit", { device: someDevice() });
    const nobody = { userId: "nobody", actorId: null };
    const { operations } = bench.accounts;

    await expect(operations.ban(nobody)).rejects.toMatchObject({ code: "not_found" });
    await expect(operations.unban(nobody)).rejects.toMatchObject({ code: "not_found" });
    await expect(operations.setPassword(nobody, "password")).rejects.toMatchObject({ code: "not_found" });
    const ofVisitor = operations.setPassword({ userId: visitor.me.id, actorId: null }, "password");
    await expect(ofVisitor).rejects.toMatchObject({ code: "not_found" });
    expect(await bench.database.read.selectFrom("audit").selectAll().execute()).toEqual([]);
  });
});
