import type { CableClient, PhoenixClient, PhoenixFrame } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { hasType, type StartedChat, startTestChat } from "../support/started-chat.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LOBBY = "room:lobby";

/** Joins and gives the response of the reply, which has to be "ok". */
async function join(client: PhoenixClient, topic: string, params: object = {}): Promise<unknown> {
  const [, , , , payload] = await client.reply(client.join(topic, params));
  expect(payload).toMatchObject({ status: "ok" });
  return responseOf(payload);
}

function responseOf(payload: unknown): unknown {
  return typeof payload === "object" && payload !== null && "response" in payload ? payload.response : undefined;
}

function isEvent(event: string): (frame: PhoenixFrame) => boolean {
  return (frame) => frame[3] === event;
}

/** Subscribes and waits for the confirmation; messages of presence stay for `next`. */
async function subscribe(client: CableClient, params: object): Promise<string> {
  const identifier = client.subscribe("RoomChannel", params);
  await client.next((message) => hasType(message, "confirm_subscription"));
  return identifier;
}

function isCableMessage(message: unknown): boolean {
  return typeof message === "object" && message !== null && "message" in message && hasMember(message.message, "body");
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && name in value;
}

/** Ends the test when the promise of tokens is not kept: no report holds one. */
function expectNoTokenIn(chat: StartedChat, token: string): void {
  expect(JSON.stringify(chat.events)).not.toContain(token);
}

describe("the lobby, over Phoenix", () => {
  test("a join is answered with a member id and the nickname", async () => {
    await using started = await startTestChat();
    const client = await started.phoenix();

    const response = await join(client, LOBBY, { nickname: "  Ada ", client: "phoenix" });

    expect(response).toEqual({ id: expect.stringMatching(UUID), nickname: "Ada" });
  });

  test("a nickname is one line of what can be seen", async () => {
    await using started = await startTestChat();
    const client = await started.phoenix();

    expect(await join(client, LOBBY, { nickname: "a\u202E\u0000b\n c" })).toMatchObject({ nickname: "ab c" });
    await expect(join(client, LOBBY, { nickname: "\u202E\u200B" })).rejects.toThrow();
  });

  test("who brings no nickname is a guest", async () => {
    await using started = await startTestChat();
    const client = await started.phoenix();

    const response = await join(client, LOBBY);

    expect(response).toEqual({
      id: expect.stringMatching(UUID),
      nickname: expect.stringMatching(/^guest-[0-9a-f]{4}$/),
    });
  });

  test("a visitor is the same member whenever it comes, and its secret is not shown", async () => {
    await using started = await startTestChat();
    const visitor = "0123456789abcdef0123456789abcdef";
    const [first, second] = [await started.phoenix(), await started.phoenix()];

    const { id } = (await join(first, LOBBY, { nickname: "Ada", visitor })) as { id: string };
    const again = await join(second, LOBBY, { nickname: "Ada", visitor });

    expect(again).toEqual({ id, nickname: "Ada" });
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(id).not.toContain(visitor.slice(0, 8));
  });

  test("a message is acknowledged with its id, and everyone gets it with the same id", async () => {
    await using started = await startTestChat();
    const [ada, bo] = [await started.phoenix(), await started.phoenix()];
    await join(ada, LOBBY, { nickname: "Ada" });
    await join(bo, LOBBY, { nickname: "Bo" });

    const ref = ada.push(LOBBY, "new_msg", { body: " 你好 <b>there</b>\n" });
    const received = await bo.next(isEvent("new_msg"));
    const own = await ada.next(isEvent("new_msg"));
    const [, , , , reply] = await ada.reply(ref);

    const message = {
      id: expect.stringMatching(UUID),
      from: "Ada",
      body: "你好 <b>there</b>",
      at: expect.any(Number),
      seq: 1,
      senderId: expect.stringMatching(/^guest:/),
    };
    expect(received).toEqual([null, null, LOBBY, "new_msg", message]);
    expect(own).toEqual(received);
    expect(reply).toEqual({ status: "ok", response: { id: (received[4] as { id: string }).id } }); // matched above
  });

  test.each<[string, unknown]>([
    ["too long", { body: "x".repeat(2_001) }],
    ["empty", { body: "" }],
    ["only white space", { body: " \n\t" }],
    ["a number", { body: 7 }],
    ["missing", {}],
  ])("a body that is %s is refused and the channel goes on", async (_name, payload) => {
    await using started = await startTestChat();
    const client = await started.phoenix();
    await join(client, LOBBY);

    const [, , , , refused] = await client.reply(client.push(LOBBY, "new_msg", payload));
    const [, , , , accepted] = await client.reply(client.push(LOBBY, "new_msg", { body: "x".repeat(2_000) }));

    expect(refused).toMatchObject({ status: "error", response: { reason: "invalid_payload" } });
    expect(accepted).toMatchObject({ status: "ok" });
  });

  test.each<[string, object]>([
    ["a nickname of 31 characters", { nickname: "x".repeat(31) }],
    ["a blank nickname", { nickname: "  " }],
    ["a nickname that is no text", { nickname: { toString: "Ada" } }],
    ["an unknown client", { client: "telnet" }],
  ])("%s is refused", async (_name, params) => {
    await using started = await startTestChat();
    const client = await started.phoenix();

    const [, , , , reply] = await client.reply(client.join(LOBBY, params));

    expect(reply).toMatchObject({ status: "error", response: { reason: "invalid_params" } });
  });

  test("a newcomer is told who is here, and the others are told of the newcomer", async () => {
    await using started = await startTestChat();
    const [ada, bo] = [await started.phoenix(), await started.phoenix()];
    const adaResponse = await join(ada, LOBBY, { nickname: "Ada", client: "phoenix" });
    await ada.next(isEvent("presence_state"));

    const boResponse = await join(bo, LOBBY, { nickname: "Bo" });

    const idOf = (response: unknown): string => (response as { id: string }).id; // the join's reply has it
    const metaOf = (nickname: string, client: string | null) => ({
      metas: [{ nickname, client, at: expect.any(Number), phx_ref: expect.any(String) }],
    });
    const [, , , , state] = await bo.next(isEvent("presence_state"));
    expect(state).toEqual({
      [idOf(adaResponse)]: metaOf("Ada", "phoenix"),
      [idOf(boResponse)]: metaOf("Bo", null),
    });
    const [, , , , diff] = await ada.next(
      (frame) => frame[3] === "presence_diff" && JSON.stringify(frame[4]).includes("Bo"),
    );
    expect(diff).toEqual({ joins: { [idOf(boResponse)]: metaOf("Bo", null) }, leaves: {} });
    bo.close();
    const [, , , , left] = await ada.next(isEvent("presence_diff"));
    expect(left).toEqual({ joins: {}, leaves: { [idOf(boResponse)]: metaOf("Bo", null) } });
  });

  test.each(["token_expired", "token_invalid"])("a %s does not keep anyone out", async (kind) => {
    await using started = await startTestChat();
    const token = kind === "token_expired" ? await started.tokens.issue({ name: "Ada" }, -1) : "nonsense";
    const client = await started.phoenix(token);

    await join(client, LOBBY);
  });
});

describe("the lobby, over Action Cable", () => {
  test("a message comes bare, the same to both grammars, in the same order", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix();
    const cable = await started.cable();
    await join(phoenix, LOBBY, { nickname: "Ada" });
    const identifier = await subscribe(cable, { id: "lobby", nickname: "Bo", client: "action_cable" });

    cable.perform(identifier, "new_msg", { body: "from cable" });
    const first = await phoenix.next(isEvent("new_msg"));
    phoenix.push(LOBBY, "new_msg", { body: "from phoenix" });
    const second = await phoenix.next(isEvent("new_msg"));

    expect(first[4]).toEqual({
      id: expect.stringMatching(UUID),
      from: "Bo",
      body: "from cable",
      at: expect.any(Number),
      seq: 1,
      senderId: expect.stringMatching(/^guest:/),
    });
    expect(await cable.next(isCableMessage)).toEqual({ identifier, message: first[4] });
    expect(await cable.next(isCableMessage)).toEqual({ identifier, message: second[4] });
  });

  test("presence comes wrapped in its name", async () => {
    await using started = await startTestChat();
    const cable = await started.cable();

    const identifier = cable.subscribe("RoomChannel", { id: "lobby", nickname: "Bo", client: "action_cable" });
    const state = await cable.next((message) => JSON.stringify(message).includes("presence_state"));

    const metas = [{ nickname: "Bo", client: "action_cable", at: expect.any(Number), phx_ref: expect.any(String) }];
    expect(state).toEqual({ identifier, message: { presence_state: expect.any(Object) } });
    const { message } = state as { message: { presence_state: object } }; // matched above
    expect(Object.values(message.presence_state)).toEqual([{ metas }]);
  });

  test("a body that is too long reaches nobody, and the subscription goes on", async () => {
    await using started = await startTestChat();
    const phoenix = await started.phoenix();
    const cable = await started.cable();
    await join(phoenix, LOBBY);
    const identifier = await subscribe(cable, { id: "lobby", nickname: "Bo" });

    cable.perform(identifier, "new_msg", { body: "x".repeat(2_001) });
    cable.perform(identifier, "new_msg", { body: "short" });

    const [, , , , message] = await phoenix.next(isEvent("new_msg"));
    expect(message).toMatchObject({ body: "short" });
  });
});

describe("a private room", () => {
  test.each<[string, (started: StartedChat) => Promise<string | undefined>]>([
    ["unauthorized", async () => undefined],
    ["token_expired", ({ tokens }) => tokens.issue({ name: "Ada" }, -1)],
    ["token_invalid", async () => "nonsense"],
  ])("is shut with the reason %s", async (reason, tokenOf) => {
    await using started = await startTestChat();
    const token = await tokenOf(started);
    const client = await started.phoenix(token);

    const [, , , , reply] = await client.reply(client.join("room:den", { nickname: "Ada" }));

    expect(reply).toEqual({ status: "error", response: { reason } });
    if (token !== undefined) expectNoTokenIn(started, token);
  });

  test("opens for a token without rooms, which also gives the nickname", async () => {
    await using started = await startTestChat();
    const token = await started.tokens.issue({ name: "Ada" }, 1);
    const client = await started.phoenix(token);

    expect(await join(client, "room:den")).toEqual({ id: expect.stringMatching(UUID), nickname: "Ada" });
    expectNoTokenIn(started, token);
  });

  test("opens for a token that names it, and others stay shut", async () => {
    await using started = await startTestChat();
    const client = await started.phoenix(await started.tokens.issue({ name: "Ada", rooms: ["den", "loft"] }, 1));

    await join(client, "room:loft");
    const [, , , , reply] = await client.reply(client.join("room:cellar"));

    expect(reply).toEqual({ status: "error", response: { reason: "unauthorized" } });
  });

  test.each(["room:", "room:Lobby", "room:lobby:2", "room:lobby/"])("is also the topic %j", async (topic) => {
    await using started = await startTestChat();
    const client = await started.phoenix();

    const [, , , , reply] = await client.reply(client.join(topic));

    expect(reply).toEqual({ status: "error", response: { reason: "unauthorized" } });
  });

  test("takes the token from the Authorization header, as mini-programs send it, over long poll too", async () => {
    await using started = await startTestChat();
    const token = await started.tokens.issue({ name: "Ada" }, 1);
    const url = `${started.chat.url}/socket/longpoll?vsn=2.0.0`;

    const opened: unknown = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json();
    const { token: session } = opened as { token: string }; // the first poll gives a session
    const headers = { "x-phoenix-longpoll-token": session, "content-type": "application/x-ndjson" };
    await fetch(url, { method: "POST", headers, body: JSON.stringify(["1", "1", "room:den", "phx_join", {}]) });
    const polled: unknown = await (await fetch(url, { headers })).json();

    const [frame] = (polled as { messages: string[] }).messages; // a poll's answer has messages
    expect(JSON.parse(frame ?? "")).toMatchObject(["1", "1", "room:den", "phx_reply", { status: "ok" }]);
  });

  test("rejects an Action Cable subscription without a token", async () => {
    await using started = await startTestChat();
    const client = await started.cable();

    const identifier = client.subscribe("RoomChannel", { id: "den", nickname: "Bo" });

    expect(await client.next((message) => hasType(message, "reject_subscription"))).toEqual({
      identifier,
      type: "reject_subscription",
    });
  });

  test("confirms an Action Cable subscription with a token", async () => {
    await using started = await startTestChat();
    const client = await started.cable(await started.tokens.issue({ name: "Bo" }, 1));

    const identifier = await subscribe(client, { id: "den" });
    client.perform(identifier, "new_msg", { body: "inside" });

    expect(await client.next(isCableMessage)).toMatchObject({ message: { from: "Bo", body: "inside" } });
  });
});
