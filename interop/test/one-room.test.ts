import { createSocket } from "@hutong/client";
import * as rails from "@rails/actioncable";
import { Socket } from "phoenix";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { CHAT_PLACES } from "./support/chat-places.ts";
import { Inbox } from "./support/inbox.ts";
import { PandaPhone } from "./support/panda-phone.ts";
import type { RunningChat } from "./support/running-chat.ts";
import { startWaferPhone } from "./support/wafer-phone.ts";

// One room, five clients: the library of the page, stock Phoenix, stock Action
// Cable, wafer's own client, and the frames of panda-chat-room.

/** A client of the lobby, whatever it speaks. */
interface RoomClient {
  readonly name: string;
  /** The texts that it has heard, with their numbers. */
  readonly heard: Inbox<Heard>;
  say(text: string): void;
  close(): void | Promise<void>;
}

interface Heard {
  readonly text: string;
  readonly seq: number;
}

const LIMIT_MS = 15_000;

/** What the lobby broadcasts, as far as it is compared. */
function toHeard(payload: unknown): Heard {
  const { body, seq } = payload as { body: string; seq: number }; // compared by the test
  return { text: body, seq };
}

async function page({ url }: RunningChat): Promise<RoomClient> {
  const heard = new Inbox<Heard>();
  const socket = createSocket(`${url}/socket`, { webSocket: WebSocket });
  const channel = socket.channel("room:lobby", { nickname: "page", client: "hutong" });
  channel.on("new_msg", (payload: unknown) => heard.add(toHeard(payload)));
  socket.connect();
  await channel.join();
  return { name: "page", heard, say: (body) => void channel.push("new_msg", { body }), close: () => socket.close() };
}

async function stockPhoenix({ url }: RunningChat): Promise<RoomClient> {
  const heard = new Inbox<Heard>();
  const socket = new Socket(`${url.replace(/^http/, "ws")}/socket`, { transport: WebSocket });
  socket.connect();
  const channel = socket.channel("room:lobby", { nickname: "phoenix", client: "phoenix" });
  channel.on("new_msg", (payload: unknown) => heard.add(toHeard(payload)));
  await new Promise((resolve, reject) => channel.join().receive("ok", resolve).receive("error", reject));
  return {
    name: "phoenix",
    heard,
    say: (body) => void channel.push("new_msg", { body }),
    close: () => socket.disconnect(),
  };
}

async function stockActionCable({ url }: RunningChat): Promise<RoomClient> {
  const heard = new Inbox<Heard>();
  const consumer = rails.createConsumer(`${url.replace(/^http/, "ws")}/cable`);
  const params = { channel: "RoomChannel", id: "lobby", nickname: "cable", client: "action_cable" };
  let subscription: rails.Subscription | undefined;
  await new Promise<void>((resolve, reject) => {
    subscription = consumer.subscriptions.create(params, {
      connected: () => resolve(),
      rejected: () => reject(new Error("rejected")),
      received: (data: unknown) => {
        if (typeof data === "object" && data !== null && "seq" in data) heard.add(toHeard(data));
      },
    });
  });
  return {
    name: "cable",
    heard,
    say: (body) => void subscription?.perform("new_msg", { body }),
    close: () => consumer.disconnect(),
  };
}

async function waferTunnel({ url, wechat }: RunningChat): Promise<RoomClient> {
  const phone = await startWaferPhone("wafer-client-sdk", url, {
    account: wechat.account("o-tunnel", { nickName: "tunnel" }),
  });
  await phone.login();
  const heard = new Inbox<Heard>();
  const { tunnel, happened } = phone.openTunnel();
  tunnel.on("speak", (content: unknown) => {
    const { word, seq } = content as { word: string; seq: number }; // compared by the test
    heard.add({ text: word, seq });
  });
  expect(await happened.next("connect")).toEqual(["connect", undefined]);
  await happened.next("people");
  return { name: "tunnel", heard, say: (word) => tunnel.emit("speak", { word }), close: () => tunnel.close() };
}

async function pandaRoom({ url, wechat }: RunningChat): Promise<RoomClient> {
  const phone = await PandaPhone.start(url, wechat.account("o-panda", { nickName: "panda" }));
  await phone.enter();
  const heard = new Inbox<Heard>();
  phone.onSaid(({ content = "", id }) => heard.add({ text: content, seq: id }));
  return { name: "panda", heard, say: (content) => phone.say({ content, text: true }), close: () => phone.leave() };
}

describe.each(CHAT_PLACES)("$name", ({ start }) => {
  let chat: RunningChat;
  beforeAll(async () => {
    // The client watches the page's visibility, which Node does not have.
    vi.stubGlobal("addEventListener", () => {});
    vi.stubGlobal("removeEventListener", () => {});
    Reflect.set(rails.adapters, "WebSocket", WebSocket);
    chat = await start();
  });
  afterAll(() => chat[Symbol.asyncDispose]());

  test("a message of each of five clients reaches all of them once, in one order", async () => {
    const clients: RoomClient[] = [];
    for (const open of [page, stockPhoenix, stockActionCable, waferTunnel, pandaRoom]) clients.push(await open(chat));
    const rounds = 10;

    // Nobody waits for anybody, so that the order is the server's.
    for (let round = 1; round <= rounds; round++) for (const client of clients) client.say(`${client.name} ${round}`);
    const logs: Heard[][] = [];
    for (const { heard, name } of clients) {
      const log: Heard[] = [];
      while (log.length < clients.length * rounds) log.push(await heard.next(`message for ${name}`, LIMIT_MS));
      logs.push(log);
    }

    const [first = []] = logs;
    expect(first.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    for (const { name } of clients)
      expect(first.map(({ text }) => text).filter((text) => text.startsWith(`${name} `))).toEqual(
        Array.from({ length: rounds }, (_, index) => `${name} ${index + 1}`),
      );
    for (const log of logs) expect(log).toEqual(first);
    for (const { heard, close } of clients) {
      expect(heard.pending).toEqual([]);
      await close();
    }
  });
});
