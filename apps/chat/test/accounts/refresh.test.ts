import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { createBench, MINUTE_MS, someDevice } from "./support.ts";

const DAY_MS = 86_400_000;

describe.each(testEngines())("refreshing a session on $name", (engine) => {
  test("trades the token for the next pair of the same session", async () => {
    await using bench = await createBench(engine);
    const first = await bench.register("ada_l");
    await bench.clock.advance(15 * MINUTE_MS + 1_000);
    expect(await bench.accounts.authenticate(first.accessToken)).toBe("token_expired");

    const second = await bench.call("refresh_session", { refreshToken: first.refreshToken });

    expect(second.sessionId).toBe(first.sessionId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await bench.accounts.authenticate(second.accessToken)).toEqual({
      userId: first.me.id,
      kind: "user",
      sessionId: first.sessionId,
    });
  });

  test("stores no token that opens anything", async () => {
    await using bench = await createBench(engine);
    const { refreshToken } = await bench.register("ada_l");

    const rows = await bench.database.read.selectFrom("sessions").selectAll().execute();

    expect(JSON.stringify(rows)).not.toContain(refreshToken.split(".")[1]);
  });

  test("a retry whose answer was lost gets the pair once more, within 30 seconds", async () => {
    await using bench = await createBench(engine);
    const { refreshToken } = await bench.register("ada_l");
    const lost = await bench.call("refresh_session", { refreshToken });
    await bench.clock.advance(30_000);

    const retried = await bench.call("refresh_session", { refreshToken });

    expect(retried.refreshToken).toBe(lost.refreshToken);
    const next = await bench.call("refresh_session", { refreshToken: retried.refreshToken });
    expect(next.sessionId).toBe(lost.sessionId);
  });

  test("two tabs that refresh at once both go on", async () => {
    await using bench = await createBench(engine);
    const { refreshToken } = await bench.register("ada_l");

    const [one, other] = await Promise.all([
      bench.call("refresh_session", { refreshToken }),
      bench.call("refresh_session", { refreshToken }),
    ]);

    expect(one.refreshToken).toBe(other.refreshToken);
  });

  test("a token that was traded more than 30 seconds ago ends the session", async () => {
    await using bench = await createBench(engine);
    const { refreshToken } = await bench.register("ada_l");
    const current = await bench.call("refresh_session", { refreshToken });
    await bench.clock.advance(30_001);

    await expect(bench.call("refresh_session", { refreshToken })).rejects.toMatchObject({ code: "unauthorized" });

    const attempt = bench.call("refresh_session", { refreshToken: current.refreshToken });
    await expect(attempt).rejects.toMatchObject({ code: "unauthorized" });
    expect(await bench.accounts.authenticate(current.accessToken)).toBe("unauthorized");
  });

  test("a token whose next was used ends the session at once, however old it is", async () => {
    await using bench = await createBench(engine);
    const first = await bench.register("ada_l");
    const second = await bench.call("refresh_session", first);
    const third = await bench.call("refresh_session", second);

    await expect(bench.call("refresh_session", first)).rejects.toMatchObject({ code: "unauthorized" });

    expect(await bench.accounts.authenticate(third.accessToken)).toBe("unauthorized");
    await bench.clock.settle();
    await expect.poll(() => bench.revoked).toEqual([first.sessionId]);
    expect(bench.pushes).toContainEqual({
      topic: `inbox:${first.me.id}`,
      event: "kicked",
      payload: { sessionId: first.sessionId, reason: "session_ended" },
    });
  });

  test("a made-up token is refused and ends nobody's session", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    const [sessionId, random, tag] = session.refreshToken.split(".");
    const forged = [
      `${sessionId}.${random}.${tag!.slice(0, -2)}AA`,
      `${sessionId}.${"A".repeat(43)}.${tag}`,
      `${sessionId}.${random}`,
      `${session.refreshToken}.`,
      `${sessionId}`,
      "胡同",
      session.accessToken.slice(0, 256),
    ];

    for (const refreshToken of forged)
      await expect(bench.call("refresh_session", { refreshToken })).rejects.toMatchObject({ code: "unauthorized" });

    expect(await bench.call("get_me", {}, session)).toEqual(session.me);
  });

  test("a session that nobody refreshes ends after its life", async () => {
    await using bench = await createBench(engine, { options: { sessionMs: 10 * DAY_MS } });
    const first = await bench.register("ada_l");
    await bench.clock.advance(9 * DAY_MS);
    const second = await bench.call("refresh_session", first);
    await bench.clock.advance(10 * DAY_MS);

    await expect(bench.call("refresh_session", second)).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("a banned user hears why", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    await bench.accounts.operations.ban({ userId: session.me.id, actorId: null });

    await expect(bench.call("refresh_session", session)).rejects.toMatchObject({ code: "account_disabled" });
  });

  test("the token of another server is refused", async () => {
    await using bench = await createBench(engine);
    const stranger = bench.another({ secret: new TextEncoder().encode("another secret of thirty-two bytes") });
    const device = { ...someDevice() };
    const session = await stranger.handlers.visit({ device }, { remoteAddress: "192.0.2.9" });

    await expect(bench.call("refresh_session", session)).rejects.toMatchObject({ code: "unauthorized" });
    expect(await bench.accounts.authenticate(session.accessToken)).toBe("unauthorized");
  });
});
