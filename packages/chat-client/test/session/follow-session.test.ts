import { memoryStorage } from "@hutong/client";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";

import { createHttpCall } from "../../src/calls/http-call.ts";
import { createChat } from "../../src/chat.ts";
import { followSession } from "../../src/session/follow-session.ts";
import { SessionStore } from "../../src/session/session-store.ts";
import { BO, meOf } from "../support/scripted-server.ts";
import { sessionOf, talkSocket, TokenServer } from "../support/talk-chat.ts";
import { TalkServer } from "../support/talk-server.ts";

function createWorld() {
  const clock = new FakeClock();
  const server = new TalkServer();
  const session = new SessionStore({ storage: memoryStorage(), clock, call: new TokenServer().call });
  const storage = memoryStorage();
  const made: string[] = [];
  const chat = followSession(session, (userId) => {
    made.push(userId);
    return createChat({
      ...{ session, clock, storage, createId: () => "x" },
      http: createHttpCall(server.send),
      createSocket: talkSocket(server, clock),
    });
  });
  return { clock, server, session, storage, chat, made };
}

describe("followSession", () => {
  test("a sign-in opens the chat, a newer state of the account keeps it", async () => {
    const { session, chat, made, clock } = createWorld();
    expect(chat.value).toBe(undefined);

    session.adopt(sessionOf(1));
    await clock.advance(0);
    session.update(meOf({ nickname: "Ada L." }));
    session.adopt(sessionOf(2));

    expect(made).toEqual(["ada"]);
    expect(chat.value?.link.state.value.kind).toBe("live");
  });

  test("a sign-out closes the chat and leaves nothing behind", async () => {
    const { session, chat, clock, storage } = createWorld();
    session.adopt(sessionOf(1));
    await clock.advance(0);
    const before = chat.value;
    before?.drafts.set("c1", "half a sen");

    session.end();
    await clock.advance(0);

    expect([chat.value, before?.link.state.value.kind]).toEqual([undefined, "closed"]);
    expect(await storage.keys("")).toEqual([]);
  });

  test("what a replaced session has kept stays, for it may be wanted again", async () => {
    const { session, chat, clock, storage } = createWorld();
    session.adopt(sessionOf(1));
    await clock.advance(0);
    chat.value?.drafts.set("c1", "half a sen");

    session.end("signed_in_elsewhere");
    await clock.advance(0);

    expect(await storage.keys("")).toEqual(["draft:c1"]);
  });

  test("a sign-in of somebody else opens another chat", async () => {
    const { session, chat, made, clock } = createWorld();
    session.adopt(sessionOf(1));
    await clock.advance(0);

    session.adopt({ ...sessionOf(2), me: meOf({ id: BO }) });

    expect(made).toEqual(["ada", "bo"]);
    expect(chat.value?.userId).toBe("bo");
  });

  test("a chat that somebody has signed out of does nothing in the name of who came after", async () => {
    const { session, chat, server, clock } = createWorld();
    session.adopt(sessionOf(1));
    await clock.advance(0);
    const before = chat.value;

    session.end();
    session.adopt({ ...sessionOf(2), me: meOf({ id: BO }), sessionId: "s2" });
    const asked = before?.call("list_devices", {});

    await expect(asked).rejects.toMatchObject({ code: "unauthorized" });
    expect(server.calls).not.toContain("list_devices");
  });
});
