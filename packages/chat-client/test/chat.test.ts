import { memoryStorage } from "@hutong/client";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";

import { createHttpCall } from "../src/calls/http-call.ts";
import { createChat } from "../src/chat.ts";
import { SessionStore } from "../src/session/session-store.ts";
import { meOf } from "./support/scripted-server.ts";
import { createTalkChat, talkSocket, TokenServer } from "./support/talk-chat.ts";
import { heldSeqs } from "./support/talk-model.ts";
import { TalkServer } from "./support/talk-server.ts";

const textOf = (text: string) => ({ conversationId: "c1", content: { type: "text" as const, body: { text } } });

type TalkChat = ReturnType<typeof createTalkChat>;

async function start(talk: TalkChat): Promise<TalkChat> {
  await talk.chat.start();
  await talk.clock.advance(0);
  return talk;
}

function entryOf({ chat }: TalkChat) {
  const entry = chat.book.entry("c1");
  if (entry === undefined) throw new Error("the conversation is not there");
  return entry;
}

describe("createChat", () => {
  test("it synchronises, hears what is said, and sends what is written", async () => {
    const talk = await start(createTalkChat());
    const { chat, server, clock, arrived } = talk;
    await chat.open(entryOf(talk));

    server.push("message", server.say());
    chat.outbox.send(textOf("good morning"));
    await clock.advance(0);

    expect(chat.link.state.value).toEqual({ kind: "live" });
    expect(heldSeqs(entryOf(talk))).toEqual([1, 2]);
    expect(entryOf(talk).log.get(2)).toMatchObject({ clientMessageId: "client-1", body: { text: "good morning" } });
    expect(arrived).toEqual([1]);
    expect(chat.outbox.entries.value).toEqual([]);
  });

  test("a later run shows what was known and sends what was written, before and after the server answers", async () => {
    const first = await start(createTalkChat());
    const { server, storage } = first;
    server.say();
    await first.chat.open(entryOf(first));
    server.isAway = true;
    server.transports[0]?.cut();
    first.chat.outbox.send(textOf("written offline"));
    first.chat.drafts.set("c1", "half a sen");
    await first.clock.advance(0);
    await first.chat.keep();
    await first.chat.close(false);

    const second = await start(createTalkChat({ server, storage }));
    await second.chat.open(entryOf(second));
    expect(heldSeqs(entryOf(second))).toEqual([1]);
    expect(second.chat.outbox.entries.value).toHaveLength(1);
    expect(second.chat.drafts.of("c1")).toBe("half a sen");
    server.isAway = false;
    second.chat.link.retryNow();
    await second.clock.advance(60_000);

    expect(server.messages.map(({ clientMessageId }) => clientMessageId)).toEqual([undefined, "client-1"]);
    expect(second.chat.outbox.entries.value).toEqual([]);
  });

  test("what a tab left when it was closed is sent by one that is open, with the next join", async () => {
    const open = await start(createTalkChat());
    const { server, storage } = open;
    server.isAway = true;
    server.transports[0]?.cut();
    const closed = createTalkChat({ server, storage });
    await closed.chat.start();
    closed.chat.outbox.send(textOf("written in the other tab"));
    await closed.clock.advance(0);
    await closed.chat.close(false);

    server.isAway = false;
    await open.clock.advance(60_000);

    expect(server.messages.map(({ clientMessageId }) => clientMessageId)).toEqual(["client-1"]);
    expect(open.chat.outbox.entries.value).toEqual([]);
  });

  test("after a sign-out nothing is kept", async () => {
    const talk = await start(createTalkChat());
    talk.server.isAway = true;
    talk.chat.drafts.set("c1", "half a sen");
    talk.chat.outbox.send(textOf("never sent"));
    await talk.chat.keep();
    expect(await talk.storage.keys("")).not.toEqual([]);

    await talk.chat.close(true);

    expect(await talk.storage.keys("")).toEqual([]);
  });

  test("a closed chat holds no timer and no link", async () => {
    const talk = await start(createTalkChat());
    await talk.chat.close(false);
    await talk.clock.advance(0);

    expect(talk.clock.timerCount).toBe(0);
    expect(talk.chat.link.state.value).toEqual({ kind: "closed" });
  });

  test("a chat that is closed while it starts does not connect", async () => {
    const talk = createTalkChat();

    const started = talk.chat.start();
    await talk.chat.close(false);
    await started;
    await talk.clock.advance(0);

    expect(talk.server.transports).toEqual([]);
  });

  test("a session that the server ends elsewhere ends here, with the reason", async () => {
    const { server, session, clock } = await start(createTalkChat());

    server.push("kicked", { sessionId: "another", reason: "signed_out" });
    await clock.advance(0);
    expect(session.current.value?.sessionId).toBe("s1");
    server.push("kicked", { sessionId: "s1", reason: "signed_in_elsewhere" });
    await clock.advance(0);

    expect([session.current.value, session.ended.value]).toEqual([undefined, "signed_in_elsewhere"]);
  });

  test("a newer state of the account is shown, and kept with the session", async () => {
    const { chat, session } = await start(createTalkChat());

    chat.putMe(meOf({ nickname: "Ada L." }));

    expect([chat.me.value.nickname, session.current.value?.me.nickname]).toEqual(["Ada L.", "Ada L."]);
  });

  test("what is read is told to the server, and what came is told as received", async () => {
    const { chat, server, clock } = await start(createTalkChat());
    const entry = chat.book.entry("c1");
    if (entry === undefined) throw new Error("the conversation is not there");
    await chat.open(entry);
    server.push("message", server.say());
    await clock.advance(0);
    chat.reading.read(entry, 1);
    await clock.advance(2_000);

    expect(server.calls.filter((name) => name.startsWith("mark_"))).toEqual(["mark_read", "mark_received"]);
    expect(entry.view.value).toMatchObject({ unread: 0, readSeq: 1, receivedSeq: 1 });
  });

  test("without a session there is no chat", () => {
    const clock = new FakeClock();
    const server = new TalkServer();
    const session = new SessionStore({ storage: memoryStorage(), clock, call: new TokenServer().call });
    const options = { session, clock, storage: memoryStorage(), createId: () => "x" };

    expect(() =>
      createChat({ ...options, http: createHttpCall(server.send), createSocket: talkSocket(server, clock) }),
    ).toThrow("nobody is signed in");
  });
});
