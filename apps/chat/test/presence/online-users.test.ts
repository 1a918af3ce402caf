import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { type AccountBench, befriend, block, createBench } from "../accounts/support.ts";

const START = 1_700_000_000_000;

/** Ada, and Grace who is her friend and looks. */
async function twoFriends(bench: AccountBench) {
  const ada = await bench.register("ada_l");
  const grace = await bench.register("grace_h");
  await befriend(bench, ada, grace);
  return { ada, grace, onlineUsers: bench.accounts.onlineUsers };
}

/** The presences that somebody was told. */
function toldTo(bench: AccountBench, userId: string): unknown[] {
  return bench.pushes
    .filter(({ topic, event }) => topic === `inbox:${userId}` && event === "presence")
    .map(({ payload }) => payload);
}

function storedLastSeen({ database }: AccountBench, userId: string): Promise<number> {
  return database.read
    .selectFrom("users")
    .select("last_seen_at")
    .where("id", "=", userId)
    .executeTakeFirstOrThrow()
    .then((row) => row.last_seen_at);
}

describe.each(testEngines())("presence on $name", (engine) => {
  test("friends hear that somebody comes, and 12 seconds after the last connection that somebody has gone", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    const here = { userId: ada.me.id, online: true, lastSeenAt: START };

    onlineUsers.arrived(ada.me.id, "first");
    await expect.poll(() => toldTo(bench, grace.me.id)).toEqual([here]);
    onlineUsers.left(ada.me.id, "first");
    await bench.clock.advance(11_999);
    expect(onlineUsers.isOnline(ada.me.id)).toBe(true);
    await bench.clock.advance(1);

    expect(onlineUsers.isOnline(ada.me.id)).toBe(false);
    const gone = { userId: ada.me.id, online: false, lastSeenAt: START };
    await expect.poll(() => toldTo(bench, grace.me.id)).toEqual([here, gone]);
    expect(toldTo(bench, ada.me.id)).toEqual([]);
  });

  test("the end of an old connection after a reconnect does not mark somebody offline", async () => {
    await using bench = await createBench(engine);
    const { ada, onlineUsers } = await twoFriends(bench);

    onlineUsers.arrived(ada.me.id, "old");
    onlineUsers.arrived(ada.me.id, "new");
    onlineUsers.left(ada.me.id, "old");
    onlineUsers.left(ada.me.id, "old");
    await bench.clock.advance(60_000);

    expect(onlineUsers.isOnline(ada.me.id)).toBe(true);
    expect(bench.clock.timerCount).toBe(0);
  });

  test("who comes back within the grace was never gone", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    onlineUsers.arrived(ada.me.id, "first");
    await expect.poll(() => toldTo(bench, grace.me.id)).toHaveLength(1);

    onlineUsers.left(ada.me.id, "first");
    await bench.clock.advance(11_000);
    onlineUsers.arrived(ada.me.id, "second");
    await bench.clock.advance(60_000);
    // What comes next in the order of announcements has come: nothing was said in between.
    onlineUsers.visibilityChanged(ada.me.id);

    const told = { userId: ada.me.id, online: true };
    await expect
      .poll(() => toldTo(bench, grace.me.id))
      .toEqual([
        { ...told, lastSeenAt: START },
        { ...told, lastSeenAt: START + 71_000 },
      ]);
  });

  test("strangers, the blocked and those whom it is hidden from hear nothing", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    await bench.register("stranger");
    const hiddenFrom = await bench.register("hidden_from");
    await befriend(bench, ada, hiddenFrom, { hide_mine: 1 });
    const uninterested = await bench.register("uninterested");
    await befriend(bench, uninterested, ada, { hide_theirs: 1 });
    const blocked = await bench.register("blocked");
    await befriend(bench, ada, blocked);
    await block(bench, ada, blocked);
    const blocker = await bench.register("blocker");
    await befriend(bench, ada, blocker);
    await block(bench, blocker, ada);

    onlineUsers.arrived(ada.me.id, "a connection");
    // Waits for every announcement.
    await onlineUsers.close();

    expect(bench.pushes.map(({ topic }) => topic)).toEqual([`inbox:${grace.me.id}`]);
  });

  test("nothing tells when somebody comes and goes who does not show presence", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    await bench.call("update_settings", { showPresence: false }, ada);
    const nothing = { userId: ada.me.id, online: false, lastSeenAt: null };
    await expect.poll(() => toldTo(bench, grace.me.id)).toEqual([nothing]);

    onlineUsers.arrived(ada.me.id, "a connection");
    onlineUsers.left(ada.me.id, "a connection");
    await bench.clock.advance(12_000);
    // Waits for every announcement.
    await onlineUsers.close();

    expect(toldTo(bench, grace.me.id)).toEqual([nothing]);
  });

  test("friends hear at once when somebody shows presence again", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    await bench.call("update_settings", { showPresence: false }, ada);
    const nothing = { userId: ada.me.id, online: false, lastSeenAt: null };
    await expect.poll(() => toldTo(bench, grace.me.id)).toEqual([nothing]);
    onlineUsers.arrived(ada.me.id, "a connection");

    await bench.call("update_settings", { showPresence: true }, ada);

    await expect.poll(() => toldTo(bench, grace.me.id).at(-1)).toMatchObject({ online: true, lastSeenAt: START });
  });

  test("who may no longer see somebody hears that nothing is known", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    onlineUsers.arrived(ada.me.id, "a connection");
    await expect.poll(() => toldTo(bench, grace.me.id)).toHaveLength(1);

    await block(bench, ada, grace);
    onlineUsers.relationChanged(ada.me.id, grace.me.id);

    const nothing = { userId: ada.me.id, online: false, lastSeenAt: null };
    await expect.poll(() => toldTo(bench, grace.me.id).at(-1)).toEqual(nothing);
  });

  test("a new friend hears at once who is there", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    const newcomer = await bench.register("newcomer");
    onlineUsers.arrived(ada.me.id, "a connection");
    await expect.poll(() => toldTo(bench, grace.me.id)).toHaveLength(1);
    await befriend(bench, ada, newcomer);

    onlineUsers.relationChanged(ada.me.id, newcomer.me.id);

    const here = { userId: ada.me.id, online: true, lastSeenAt: START };
    await expect.poll(() => toldTo(bench, newcomer.me.id)).toEqual([here]);
  });

  test("the last time is written at most once a minute, and known before that", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    onlineUsers.start();
    onlineUsers.arrived(ada.me.id, "first");
    await bench.clock.advance(20_000);
    onlineUsers.left(ada.me.id, "first");
    await bench.clock.advance(12_000);

    expect(await bench.call("get_presences", {}, grace)).toEqual({
      presences: [{ userId: ada.me.id, online: false, lastSeenAt: START + 20_000 }],
    });
    expect(await storedLastSeen(bench, ada.me.id)).toBe(START);
    await bench.clock.advance(28_000);
    await expect.poll(() => storedLastSeen(bench, ada.me.id)).toBe(START + 20_000);
  });

  test("the end writes down who was there, and leaves no timer", async () => {
    await using bench = await createBench(engine);
    const { ada, grace, onlineUsers } = await twoFriends(bench);
    onlineUsers.start();
    onlineUsers.arrived(ada.me.id, "a connection");
    onlineUsers.arrived(grace.me.id, "a connection");
    await bench.clock.advance(10_000);
    onlineUsers.left(grace.me.id, "a connection");
    await bench.clock.advance(1_000);

    await onlineUsers.close();

    expect(await storedLastSeen(bench, ada.me.id)).toBe(START + 11_000);
    expect(await storedLastSeen(bench, grace.me.id)).toBe(START + 10_000);
    expect(bench.clock.timerCount).toBe(0);
    expect(bench.failures).toEqual([]);
  });

  test("times that could not be written are written a minute later", async () => {
    await using bench = await createBench(engine);
    let isBroken = true;
    const { kind, read } = bench.database;
    const database: AccountBench["database"] = {
      ...{ kind, read },
      write: (work) => (isBroken ? Promise.reject(new Error("no database today")) : bench.database.write(work)),
      close: () => bench.database.close(),
      [Symbol.asyncDispose]: () => bench.database.close(),
    };
    const { ada } = await twoFriends(bench);
    const { onlineUsers } = bench.another({ database });
    onlineUsers.start();
    await bench.clock.advance(1_000);
    onlineUsers.arrived(ada.me.id, "a connection");
    await bench.clock.advance(59_000);
    await expect.poll(() => bench.failures).toEqual([new Error("no database today")]);

    isBroken = false;
    await bench.clock.advance(60_000);

    await expect.poll(() => storedLastSeen(bench, ada.me.id)).toBe(START + 1_000);
    await onlineUsers.close();
  });
});
