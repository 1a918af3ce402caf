import type { InboxEventName } from "@hutong/chat-api";
import { memoryStorage } from "@hutong/client";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";

import { CallError } from "../../src/calls/call-error.ts";
import { SessionStore } from "../../src/session/session-store.ts";
import { ChatLink } from "../../src/sync/chat-link.ts";
import { ADA, messageOf } from "../support/scripted-server.ts";
import { sessionOf, talkSocket, TokenServer } from "../support/talk-chat.ts";
import { TalkServer } from "../support/talk-server.ts";

/** A link that has begun, as far as the server lets it. */
async function openLink(prepare: (server: TalkServer, tokens: TokenServer) => void = () => undefined) {
  const clock = new FakeClock();
  const server = new TalkServer();
  const tokens = new TokenServer();
  prepare(server, tokens);
  const session = new SessionStore({ storage: memoryStorage(), clock, call: tokens.call });
  session.adopt(sessionOf(1));
  const heard: InboxEventName[] = [];
  let joins = 0;
  const link = new ChatLink({
    userId: ADA,
    tokens: session,
    createSocket: talkSocket(server, clock),
    listener: { joined: () => (joins += 1), received: (name) => heard.push(name) },
  });
  link.open();
  await clock.advance(0);
  return { link, server, tokens, session, clock, heard, joins: () => joins };
}

describe("ChatLink", () => {
  test("it is live once the inbox is joined, and hears what comes there", async () => {
    const { link, server, clock, heard, joins } = await openLink();

    server.push("message", { message: messageOf(1), users: [] });
    server.push("presence", { userId: "bo", online: true, lastSeenAt: null });
    await clock.advance(0);

    expect(link.state.value).toEqual({ kind: "live" });
    expect(heard).toEqual(["message", "presence"]);
    expect(joins()).toBe(1);
  });

  test("a link that breaks says when it tries again, and joins again by itself", async () => {
    const { link, server, clock, joins } = await openLink();

    server.isAway = true;
    server.transports[0]?.cut();
    await clock.advance(0);
    expect(link.state.value.kind).toBe("waiting");
    server.isAway = false;
    await clock.advance(60_000);

    expect(link.state.value.kind).toBe("live");
    expect(joins()).toBe(2);
  });

  test("a refused token is renewed, once, with a new connection", async () => {
    const { link, server, tokens } = await openLink(({ refusals }) => refusals.push("token_expired"));

    expect(link.state.value.kind).toBe("live");
    expect(server.transports.map(({ token }) => token)).toEqual(["access 1", "access 2"]);
    expect(tokens.traded).toBe(1);
  });

  test("a renewal that fails for want of a network is tried again", async () => {
    const { link, server, clock } = await openLink(({ refusals }, { failures }) => {
      refusals.push("token_expired");
      failures.push(new CallError("network"));
    });

    await clock.advance(60_000);

    expect(link.state.value.kind).toBe("live");
    expect(server.transports.map(({ token }) => token)).toEqual(["access 1", "access 2"]);
  });

  test("a refusal that a new token does not mend closes it", async () => {
    const twice = await openLink(({ refusals }) => refusals.push("unauthorized", "unauthorized"));
    const other = await openLink(({ refusals }) => refusals.push("account_disabled"));

    expect(twice.link.state.value).toEqual({ kind: "closed" });
    expect(twice.server.transports).toHaveLength(2);
    expect(other.link.state.value).toEqual({ kind: "closed" });
    expect(other.server.transports).toHaveLength(1);
  });

  test("a person who asks for it opens a closed link again", async () => {
    const { link, clock } = await openLink(({ refusals }) => refusals.push("account_disabled"));

    link.retryNow();
    await clock.advance(0);

    expect(link.state.value.kind).toBe("live");
  });

  test("a session that is over ends with the renewal", async () => {
    const { session } = await openLink(({ refusals }, tokens) => {
      refusals.push("unauthorized");
      tokens.over = true;
    });

    expect([session.current.value, session.ended.value]).toEqual([undefined, "session_ended"]);
  });

  test("a push resolves with the answer, and rejects with the server's reason", async () => {
    const { link, server } = await openLink();
    server.failures.set("mark_read", [new CallError("not_found")]);

    await expect(link.push("mark_read", { conversationId: "c1", seq: 1 })).rejects.toMatchObject({ code: "not_found" });
    expect(await link.push("mark_read", { conversationId: "c1", seq: 1 })).toEqual({ readSeq: 1, unread: 0 });
  });

  test("a push whose answer does not come is the network's fault, and so is one without a link", async () => {
    const { link, server, clock } = await openLink();
    server.failures.set("mark_read", [new CallError("network")]);

    const lost = link.push("mark_read", { conversationId: "c1", seq: 1 }).catch((error: unknown) => error);
    await clock.advance(60_000);
    link.close();

    expect(await lost).toMatchObject({ code: "network" });
    await expect(link.push("mark_read", {})).rejects.toMatchObject({ code: "network" });
  });

  test("a room is heard for as long as it is shown, also after the link broke", async () => {
    const { link, server, clock, heard } = await openLink();
    const topic = "conversation:lobby";
    const say = (): void => server.transports.at(-1)?.push(topic, "message", { message: messageOf(1), users: [] });
    const leave = link.showRoom("lobby");
    await clock.advance(0);
    say();
    server.transports[0]?.cut();
    await clock.advance(60_000);
    say();
    await clock.advance(0);
    expect(heard).toEqual(["message", "message"]);

    leave();
    await clock.advance(0);

    expect([...(server.transports.at(-1)?.joined.keys() ?? [])]).toEqual(["inbox:ada"]);
    expect(server.transports).toHaveLength(2);
  });

  test("a room that is shown again is joined again", async () => {
    const { link, server, clock } = await openLink();

    link.showRoom("lobby")();
    link.showRoom("lobby");
    await clock.advance(0);

    expect([...(server.transports[0]?.joined.keys() ?? [])].sort()).toEqual(["conversation:lobby", "inbox:ada"]);
  });

  test("after the close nothing connects and nothing is heard", async () => {
    const { link, server, clock, heard } = await openLink();

    link.close();
    server.push("message", { message: messageOf(1), users: [] });
    link.retryNow();
    link.showRoom("lobby")();
    await clock.advance(60_000);

    expect([link.state.value.kind, heard, server.transports.length]).toEqual(["closed", [], 1]);
  });
});
