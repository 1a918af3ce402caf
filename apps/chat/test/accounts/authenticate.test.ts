import { testEngines } from "@hutong/database/testing";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createTokens } from "../../src/tokens.ts";
import { createBench, MINUTE_MS, SECRET } from "./support.ts";

describe.each(testEngines())("authenticating on $name", (engine) => {
  test("an access token says who calls, for 15 minutes", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    const caller = { userId: session.me.id, kind: "user", sessionId: session.sessionId };

    expect(await bench.accounts.authenticate(session.accessToken)).toEqual(caller);
    await bench.clock.advance(15 * MINUTE_MS - 1_000);
    expect(await bench.accounts.authenticate(session.accessToken)).toEqual(caller);
    await bench.clock.advance(1_000);
    expect(await bench.accounts.authenticate(session.accessToken)).toBe("token_expired");
  });

  test("no token, and what is none, is unauthorized", async () => {
    await using bench = await createBench(engine);

    for (const token of [undefined, "", "nonsense", "a.b.c", "..", "胡同", ".".repeat(100_000)])
      expect(await bench.accounts.authenticate(token)).toBe("unauthorized");
  });

  test("tokens for rooms and for sessions do not pass for each other", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    const rooms = createTokens(SECRET);

    expect(await bench.accounts.authenticate(await rooms.issue({ name: "Ada" }, 24))).toBe("unauthorized");
    expect((await rooms.check(session.accessToken)).kind).not.toBe("valid");
  });

  test("a token with the right claims of the wrong type, or without a signature, is unauthorized", async () => {
    await using bench = await createBench(engine);
    const { me, sessionId, accessToken } = await bench.register("ada_l");
    const claims = { sub: me.id, sid: sessionId, iss: "hutong", aud: "hutong-session", exp: 4_102_444_800 };
    const untyped = await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(SECRET);
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const unsigned = `${encode({ alg: "none", typ: "at+jwt" })}.${encode(claims)}.`;
    const [header, , signature] = accessToken.split(".");

    for (const token of [untyped, unsigned, `${header}.${encode(claims)}.${signature}`])
      expect(await bench.accounts.authenticate(token)).toBe("unauthorized");
  });

  test("a token of one user with the session of another is unauthorized", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const grace = await bench.register("grace_h");
    const mixed = await new SignJWT({ sid: ada.sessionId })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .setIssuer("hutong")
      .setAudience("hutong-session")
      .setSubject(grace.me.id)
      .setExpirationTime(4_102_444_800)
      .sign(SECRET);

    expect(await bench.accounts.authenticate(mixed)).toBe("unauthorized");
  });

  test("a session that another process ends is refused a second later", async () => {
    await using bench = await createBench(engine);
    const { me, accessToken } = await bench.register("ada_l");
    await bench.accounts.authenticate(accessToken);
    await using elsewhere = bench.another();
    await elsewhere.operations.ban({ userId: me.id, actorId: null });

    await bench.clock.advance(1_000);

    expect(await bench.accounts.authenticate(accessToken)).toBe("unauthorized");
  });

  test("a disabled user is refused although the session's row lives", async () => {
    await using bench = await createBench(engine);
    const { me, accessToken } = await bench.register("ada_l");
    await bench.database.write((transaction) =>
      transaction.updateTable("users").set({ status: "disabled" }).where("id", "=", me.id).execute(),
    );

    expect(await bench.accounts.authenticate(accessToken)).toBe("unauthorized");
  });

  test("a ticket is good once", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");

    const { ticket, expiresInMs } = await bench.call("create_ticket", {}, session);

    expect(expiresInMs).toBe(60_000);
    const callers = await Promise.all([bench.accounts.authenticate(ticket), bench.accounts.authenticate(ticket)]);
    const caller = { userId: session.me.id, kind: "user", sessionId: session.sessionId };
    expect(callers).toContainEqual(caller);
    expect(callers).toContain("unauthorized");
    expect(await bench.accounts.authenticate(ticket)).toBe("unauthorized");
  });

  test("a ticket is good for a minute", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    const { ticket } = await bench.call("create_ticket", {}, session);
    const { ticket: late } = await bench.call("create_ticket", {}, session);

    await bench.clock.advance(59_999);
    expect(await bench.accounts.authenticate(ticket)).toMatchObject({ sessionId: session.sessionId });
    await bench.clock.advance(1);
    expect(await bench.accounts.authenticate(late)).toBe("unauthorized");
  });

  test("a ticket ends with its session, and is stored as a hash", async () => {
    await using bench = await createBench(engine);
    const session = await bench.register("ada_l");
    const { ticket } = await bench.call("create_ticket", {}, session);
    const rows = await bench.database.read.selectFrom("tickets").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(ticket);

    await bench.accounts.operations.ban({ userId: session.me.id, actorId: null });
    await bench.clock.advance(1_000);

    expect(await bench.accounts.authenticate(ticket)).toBe("unauthorized");
  });
});
