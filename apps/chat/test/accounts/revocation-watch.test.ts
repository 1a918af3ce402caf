import { openDatabase } from "@hutong/database";
import { testEngines } from "@hutong/database/testing";
import type { Session } from "@hutong/chat-api";
import { createServer } from "@hutong/server";
import { systemClock } from "@hutong/server/plugin";
import { connectLoopback, FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { createAccounts } from "../../src/accounts/accounts.ts";
import { Passwords } from "../../src/accounts/passwords.ts";
import type { Handlers } from "../../src/api/handlers.ts";
import { createPerform } from "../../src/api/perform.ts";
import type { ChatAssigns } from "../../src/channels/chat-assigns.ts";
import { inboxChannel } from "../../src/channels/inbox-channel.ts";
import { Inbox } from "../../src/inbox/inbox.ts";
import { MIGRATIONS } from "../../src/storage/migrations.ts";
import type { Tables } from "../../src/storage/tables.ts";
import { callerOf, CheapArgon2, createBench, SECRET, someDevice } from "./support.ts";

describe.each(testEngines())("the revocation watch on $name", (engine) => {
  test("a ban by another process is told and ends the sessions within a second", async () => {
    await using bench = await createBench(engine);
    bench.accounts.start();
    const web = await bench.register("ada_l");
    const wechat = await bench.register("grace_h");
    await using elsewhere = bench.another();

    await elsewhere.operations.ban({ userId: web.me.id, actorId: null });
    await bench.clock.advance(500);

    await expect.poll(() => bench.revoked).toEqual([web.sessionId]);
    expect(bench.pushes).toEqual([
      {
        topic: `inbox:${web.me.id}`,
        event: "kicked",
        payload: { sessionId: web.sessionId, reason: "account_disabled" },
      },
    ]);
    expect(await bench.accounts.authenticate(wechat.accessToken)).toMatchObject({ userId: wechat.me.id });
  });

  test("a look that was asked for just before the end does not come after it", async () => {
    await using bench = await createBench(engine);
    await bench.call("sign_out", {}, await bench.register("ada_l"));

    await bench.accounts.close();
    await bench.database.close();
    await bench.clock.settle();

    expect(bench.failures).toEqual([]);
    expect(bench.revoked).toEqual([]);
  });

  test("what was told is not told again", async () => {
    await using bench = await createBench(engine);
    bench.accounts.start();
    const { me } = await bench.register("ada_l");
    await bench.accounts.operations.ban({ userId: me.id, actorId: null });
    await bench.clock.advance(500);
    await expect.poll(() => bench.revoked).toHaveLength(1);

    // Each look is waited for, because a look on PostgreSQL takes real time.
    for (let seconds = 0; seconds < 40; seconds++) {
      await bench.clock.advance(1_000);
      await bench.accounts.handlers.list_devices(
        {},
        {
          caller: { userId: me.id, kind: "user", sessionId: "none" },
          remoteAddress: "192.0.2.1",
        },
      );
    }

    expect(bench.revoked).toHaveLength(1);
  });

  test("a session that ended by a clock that is behind is found", async () => {
    await using bench = await createBench(engine);
    bench.accounts.start();
    const { me, sessionId } = await bench.register("ada_l");
    await bench.clock.advance(60_000);
    await using behind = bench.another({ clock: new FakeClock(bench.clock.now() - 10_000) });

    await behind.operations.ban({ userId: me.id, actorId: null });
    await bench.clock.advance(500);

    await expect.poll(() => bench.revoked).toEqual([sessionId]);
  });

  test("a look that fails is reported, and the next one makes up for it", async () => {
    await using bench = await createBench(engine);
    const { me, sessionId } = await bench.register("ada_l");
    let isBroken = true;
    const told: string[] = [];
    await using elsewhere = bench.another({
      server: {
        revoke: (id) => {
          if (isBroken) throw new Error("no server today");
          told.push(id);
        },
      },
    });
    elsewhere.start();
    await bench.accounts.operations.ban({ userId: me.id, actorId: null });
    await bench.clock.advance(500);
    await expect.poll(() => bench.failures).toEqual([new Error("no server today")]);

    isBroken = false;
    await bench.clock.advance(500);

    await expect.poll(() => told).toEqual([sessionId]);
  });

  test("a live connection hears why it ends, and the user's other connection stays", async () => {
    await using temporary = await engine.create(MIGRATIONS);
    await using database = await openDatabase<Tables>(temporary.url);
    const inbox = new Inbox({ broadcast: (topic, event, payload) => server.broadcast(topic, event, payload) });
    await using accounts = createAccounts({
      ...{ database, inbox, clock: systemClock, secret: SECRET, codeToSession: undefined },
      server: { revoke: (sessionId) => server.revoke(sessionId) },
      failed: (error) => expect.unreachable(String(error)),
      passwords: new Passwords(new CheapArgon2()),
      isOwnAvatar: () => Promise.resolve(false),
      publicUrl: "https://chat.example.com",
    });
    // Only the actions of accounts are called here.
    const perform = createPerform(accounts.handlers as Handlers);
    const failed = (_action: string, error: unknown): never => expect.unreachable(String(error));
    await using server = createServer({ channels: [inboxChannel({ ...accounts, perform, failed })] });
    await server.start();
    const account = { username: "ada_l", password: "password" };
    const anonymous = { remoteAddress: "192.0.2.1" };
    const web = await accounts.handlers.register({ ...account, device: someDevice(), nickname: undefined }, anonymous);
    const device = someDevice({ platform: "wechat" });
    const wechat = await accounts.handlers.sign_in({ ...account, device }, anonymous);
    const topic = `inbox:${web.me.id}`;
    const connect = async (session: Session) => {
      const caller = await callerOf(accounts, session);
      const assigns: ChatAssigns = { token: undefined, caller, ...anonymous };
      const client = connectLoopback(server, { admission: { assigns, tokenId: session.sessionId } });
      await client.reply(client.join(topic));
      return client;
    };
    const onWeb = await connect(web);
    const onWechat = await connect(wechat);

    const ended = await onWechat.reply(onWechat.push(topic, "end_session", { sessionId: web.sessionId }));

    expect(ended[4]).toEqual({ status: "ok", response: {} });
    const kicked = await onWeb.next((frame) => frame[3] === "kicked");
    expect(kicked[4]).toEqual({ sessionId: web.sessionId, reason: "session_ended" });
    await onWeb.closed;
    expect(onWechat.closedWith).toBeUndefined();

    const signedOut = onWechat.reply(onWechat.push(topic, "sign_out"));
    expect((await signedOut)[4]).toEqual({ status: "ok", response: {} });
    await onWechat.closed;
  });
});
