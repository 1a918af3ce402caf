import { testEngines } from "@hutong/database/testing";
import { createServer, type Server } from "@hutong/server";
import { connectLoopback, eventually, type PhoenixClient, type PhoenixFrame } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { Profiles } from "../../src/accounts/profiles.ts";
import type { ChatAssigns } from "../../src/channels/chat-assigns.ts";
import { conversationChannel } from "../../src/channels/conversation-channel.ts";
import { roomChannel } from "../../src/channels/room-channel.ts";
import { RoomTalk } from "../../src/rooms/room-talk.ts";
import { type MessageBench, openMessageBench, textDraft } from "../messages/support/message-bench.ts";

const LOBBY = "room:lobby";

interface RoomBench extends AsyncDisposable {
  readonly bench: MessageBench;
  readonly failures: unknown[];
  /** Connects a guest, or somebody with a session. */
  connect(userId?: string): PhoenixClient;
}

describe.each(testEngines())("durable rooms on $name", (engine) => {
  async function open(): Promise<RoomBench> {
    const bench = await openMessageBench(engine);
    const { database, clock, store } = bench;
    const failures: unknown[] = [];
    const talk = new RoomTalk({ database, clock, store, profiles: new Profiles(database, clock) });
    const server: Server = createServer({
      channels: [
        roomChannel(() => clock.now(), { talk, failed: (error) => void failures.push(error) }),
        conversationChannel(database),
      ],
    });
    await server.start();
    bench.pushTo(server);
    return {
      bench,
      failures,
      connect: (userId) => {
        const caller = userId === undefined ? undefined : { userId, kind: "user" as const, sessionId: "s" };
        const assigns: ChatAssigns = { token: undefined, caller, remoteAddress: "127.0.0.1" };
        return connectLoopback(server, { admission: { assigns: { ...assigns } } });
      },
      async [Symbol.asyncDispose]() {
        await server.drain();
        await bench[Symbol.asyncDispose]();
      },
    };
  }

  async function join(client: PhoenixClient, topic: string, params: object = {}): Promise<unknown> {
    const [, , , , payload] = await client.reply(client.join(topic, params));
    return payload;
  }

  const isEvent = (event: string) => (frame: PhoenixFrame) => frame[3] === event;

  test("the character U+0000 in what is said is a bad request", async () => {
    await using rooms = await open();
    const guest = rooms.connect();
    await join(guest, LOBBY, { nickname: "Ada", visitor: "0123456789abcdef" });

    const [, , , , payload] = await guest.reply(guest.push(LOBBY, "new_msg", { body: "a\u0000b" }));

    expect(payload).toEqual({ status: "error", response: expect.objectContaining({ reason: "bad_request" }) });
    expect(rooms.failures).toEqual([]);
  });

  test("a guest's message is stored under its member id and name before the push is answered", async () => {
    await using rooms = await open();
    const { bench } = rooms;
    const guest = rooms.connect();
    await join(guest, LOBBY, { nickname: "Ada", visitor: "0123456789abcdef" });

    const ref = guest.push(LOBBY, "new_msg", { body: "hello" });
    const [, , , , heard] = await guest.next(isEvent("new_msg"));
    const [, , , , reply] = await guest.reply(ref);

    const { id } = await bench.database.read
      .selectFrom("conversations")
      .select("id")
      .where("unique_key", "=", LOBBY)
      .executeTakeFirstOrThrow();
    const [row] = await bench.rows(id);
    expect(row).toMatchObject({ seq: 1, sender_name: "Ada", type: "text", body: '{"text":"hello"}' });
    expect(row?.sender_id).toMatch(/^guest:[\w-]{22}$/);
    expect(reply).toEqual({ status: "ok", response: { id: row?.id } });
    expect(heard).toEqual({
      id: row?.id,
      from: "Ada",
      body: "hello",
      at: bench.clock.now(),
      seq: 1,
      senderId: row?.sender_id,
    });
  });

  test("somebody with a session talks under the account's name, and the room is among its conversations", async () => {
    await using rooms = await open();
    const { bench } = rooms;
    await bench.user("bo");
    const client = rooms.connect("bo");
    expect(await join(client, LOBBY, { nickname: "Ada" })).toMatchObject({ response: { nickname: "BO" } });

    client.push(LOBBY, "new_msg", { body: "hello" });

    const [, , , , heard] = await client.next(isEvent("new_msg"));
    expect(heard).toMatchObject({ from: "BO", body: "hello", seq: 1 });
    const id = await bench.room("lobby");
    expect((await bench.rows(id))[0]).toMatchObject({ sender_id: "bo", sender_name: null });
    expect((await bench.call("bo", "pull_messages", { conversationId: id })).messages).toHaveLength(1);
  });

  test("guests hear what members send, pictures too", async () => {
    await using rooms = await open();
    const { bench } = rooms;
    const id = await bench.room("lobby", await bench.user("bo"));
    const guest = rooms.connect();
    await join(guest, LOBBY);
    const image = { type: "image", body: { fileId: "bo-1", width: 1, height: 1, caption: "晚霞" } };

    await bench.say("bo", id, "hello");
    await bench.call("bo", "send_message", { conversationId: id, clientMessageId: "message-1", content: image });

    expect((await guest.next(isEvent("new_msg")))[4]).toMatchObject({ from: "BO", body: "hello", seq: 1 });
    expect((await guest.next(isEvent("new_msg")))[4]).toMatchObject({
      from: "BO",
      body: "晚霞",
      seq: 2,
      type: "image",
      url: "/api/files/bo-1",
    });
  });

  test("members that show the room hear messages and changes on its conversation, and nobody else may listen", async () => {
    await using rooms = await open();
    const { bench } = rooms;
    const id = await bench.room("lobby", await bench.user("bo"), await bench.user("cy"));
    const group = await bench.group("bo");
    await bench.user("eve");
    const cy = rooms.connect("cy");
    expect(await join(cy, `conversation:${id}`)).toMatchObject({ status: "ok" });

    const seq = await bench.say("bo", id, "hello");
    await bench.call("bo", "edit_message", { conversationId: id, seq, text: "hello!" });

    expect((await cy.next(isEvent("message")))[4]).toMatchObject({ message: { seq: 1, body: { text: "hello" } } });
    expect((await cy.next(isEvent("change")))[4]).toMatchObject({ change: { changeSeq: 1, kind: "edit" } });
    const refused = async (userId: string | undefined, topic: string) =>
      join(rooms.connect(userId), `conversation:${topic}`);
    expect(await refused(undefined, id)).toMatchObject({ response: { reason: "unauthorized" } });
    for (const [userId, topic] of [
      ["eve", id],
      ["bo", group],
      ["bo", "nowhere"],
    ] as const)
      expect(await refused(userId, topic)).toMatchObject({ response: { reason: "not_found" } });
  });

  test("a member hears its own message on all its devices, with its own id for it", async () => {
    await using rooms = await open();
    const { bench } = rooms;
    const id = await bench.room("lobby", await bench.user("bo"));
    bench.news.length = 0;

    await bench.store.send(textDraft(id, "bo", { id: "message-1" }));

    expect(bench.news.map((item) => [item.topics, JSON.stringify(item.payload).includes("message-1")])).toEqual([
      [[`conversation:${id}`], false],
      [["inbox:bo"], true],
    ]);
  });

  test("what the store refuses is told, and the channel goes on", async () => {
    await using rooms = await open();
    const { bench } = rooms;
    const id = await bench.room("lobby");
    const guest = rooms.connect();
    await join(guest, LOBBY);
    const mute = (value: 0 | 1) =>
      bench.database.write((transaction) =>
        transaction.updateTable("conversations").set({ mute_all: value }).where("id", "=", id).execute(),
      );
    await mute(1);
    const [, , , , refused] = await guest.reply(guest.push(LOBBY, "new_msg", { body: "hello" }));
    await mute(0);
    const [, , , , accepted] = await guest.reply(guest.push(LOBBY, "new_msg", { body: "hello" }));

    expect(refused).toMatchObject({ status: "error", response: { reason: "mute_all" } });
    expect(accepted).toMatchObject({ status: "ok" });
  });

  test("two guests that come first at the same time are in one room", async () => {
    await using rooms = await open();
    const { bench } = rooms;
    const guests = [rooms.connect(), rooms.connect()];
    for (const guest of guests) await join(guest, LOBBY);

    await Promise.all(guests.map((guest) => guest.reply(guest.push(LOBBY, "new_msg", { body: "hello" }))));

    await eventually(async () => expect(await bench.rows(await bench.room("lobby"))).toHaveLength(2));
  });
});
