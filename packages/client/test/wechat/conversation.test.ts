import { accept, createServer, defineChannel, reply } from "@hutong/server";
import { type Listener, listen } from "@hutong/server/node";
import { eventually, type FakeWx } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { createSocket, type Socket } from "../../src/index.ts";
import { createPhone, loadRealms, type Program } from "./realms.ts";

const LIMIT = { limitMs: 10_000 };

/** A room with history, and what was said in it, in the order of the server. */
async function startRoom(): Promise<Listener & { readonly log: readonly string[] }> {
  const log: string[] = [];
  const room = defineChannel("room:*", {
    receives: { say: { payload: z.object({ body: z.string() }), reply: z.object({}) } },
    sends: { said: z.object({ body: z.string() }) },
    history: { maxCount: 1_000, maxAgeMs: 3_600_000 },
    join: () => accept(),
    handle: {
      say: ({ body }, channel) => {
        log.push(body);
        channel.broadcast("said", { body });
        return reply({});
      },
    },
  });
  return { ...(await listen(createServer({ channels: [room], limits: { drainMs: 1 } }), { port: 0 })), log };
}

/** Somebody at a desk, whose link never breaks. */
async function joinAtDesk({ url }: Listener): Promise<AsyncDisposable & { say(...bodies: string[]): Promise<void> }> {
  const socket = createSocket(`${url}/socket`, { webSocket: WebSocket, transports: ["websocket"] });
  socket.connect();
  const channel = socket.channel("room:1");
  await channel.join();
  return {
    async say(...bodies) {
      for (const body of bodies) await channel.push("say", { body });
    },
    [Symbol.asyncDispose]: () => socket.close(),
  };
}

const kept = z.object({
  bodies: z.array(z.string()),
  position: z.object({ epoch: z.string(), offset: z.number(), id: z.string() }).optional(),
});

/** A page of the mini-program that keeps what it heard, and where that stands, under one key. */
interface ChatPage {
  readonly socket: Socket;
  readonly bodies: readonly string[];
  /** Sends durably; nobody waits for it. */
  say(...bodies: readonly string[]): void;
}

async function openPage({ client, given }: Program, { url }: Listener): Promise<ChatPage> {
  const storage = client.wechatStorage("page", given.wx);
  const { bodies, position } = kept.parse(JSON.parse((await storage.get("kept")) ?? '{"bodies":[]}'));
  const socket = client.createSocket(`${url.replace(/^http/, "ws")}/socket`, {
    ...given,
    outbox: client.durableOutbox({ storage: client.wechatStorage("outbox", given.wx) }),
  });
  socket.connect();
  const channel = socket.channel("room:1", {}, position === undefined ? {} : { position });
  channel.on("said", (payload) => {
    bodies.push(z.object({ body: z.string() }).parse(payload).body);
    void storage.set("kept", JSON.stringify({ bodies, position: channel.position }));
  });
  await channel.join();
  return {
    socket,
    bodies,
    say(...said) {
      for (const body of said) channel.push("say", { body }, { durable: true }).catch(() => undefined);
    },
  };
}

function storedPushes(phone: FakeWx): readonly string[] {
  return phone.storage.info().keys.filter((key) => key.startsWith("hutong:outbox:"));
}

describe.each(await loadRealms())("a conversation in $name", (realm) => {
  test.each([true, false])(
    "goes on after half a minute in the background without loss, doubles or disorder; told of the cut: %s",
    async (tellsOfCuts) => {
      await using room = await startRoom();
      await using desk = await joinAtDesk(room);
      const phone = createPhone({ tellsOfCuts });
      const page = await openPage(realm.start(phone), room);
      await desk.say("d1", "d2");
      page.say("p1");
      await eventually(() => expect(page.bodies).toEqual(["d1", "d2", "p1"]), LIMIT);

      page.say("p2", "p3", "p4");
      phone.background();
      phone.clock.skip(30_000);
      await desk.say("d3", "d4");
      expect(phone.socketCount).toBe(0);
      phone.foreground();
      page.say("p5");

      await eventually(() => expect(room.log).toHaveLength(9), LIMIT);
      await eventually(() => expect(page.bodies).toEqual(room.log), LIMIT);
      expect(page.bodies.filter((body) => body.startsWith("p"))).toEqual(["p1", "p2", "p3", "p4", "p5"]);
      await page.socket.close();
    },
  );

  test("is taken up by the next start when WeChat destroyed the mini-program, with the pushes that were not sent", async () => {
    await using room = await startRoom();
    await using desk = await joinAtDesk(room);
    const phone = createPhone();
    const before = await openPage(realm.start(phone), room);
    await desk.say("d1");
    before.say("p1");
    await eventually(() => expect(before.bodies).toEqual(["d1", "p1"]), LIMIT);

    phone.setNetwork("none");
    before.say("p2", "p3");
    await eventually(() => expect(storedPushes(phone)).toHaveLength(2), LIMIT);
    phone.background();
    phone.clock.skip(31 * 60_000);
    await desk.say("d2", "d3");
    phone.setNetwork("wifi");

    expect(phone.foreground()).toBe(false);
    const after = await openPage(realm.start(phone), room);
    after.say("p4");
    await eventually(() => expect(room.log).toHaveLength(7), LIMIT);
    await eventually(() => expect(after.bodies).toEqual(room.log), LIMIT);

    expect(after.bodies.filter((body) => body.startsWith("p"))).toEqual(["p1", "p2", "p3", "p4"]);
    expect(before.bodies).toEqual(["d1", "p1"]);
    await eventually(() => expect(storedPushes(phone)).toEqual([]), LIMIT);
    await after.socket.close();
  });

  test("outlives many short absences, and a network that goes and comes", async () => {
    await using room = await startRoom();
    await using desk = await joinAtDesk(room);
    const phone = createPhone();
    const page = await openPage(realm.start(phone), room);

    for (let round = 0; round < 6; round++) {
      page.say(`p${round}`);
      phone.background();
      phone.clock.skip(round % 2 === 0 ? 2_000 : 20_000);
      await desk.say(`d${round}`);
      phone.foreground();
      if (round % 3 === 2) phone.setNetwork("none");
      if (round % 3 === 2) phone.setNetwork("4g");
    }

    await eventually(() => expect(room.log).toHaveLength(12), LIMIT);
    await eventually(() => expect(page.bodies).toEqual(room.log), LIMIT);
    expect(page.bodies.filter((body) => body.startsWith("p"))).toEqual(["p0", "p1", "p2", "p3", "p4", "p5"]);
    expect(phone.socketCount).toBe(1);
    await page.socket.close();
    expect(phone.socketCount).toBe(0);
  });
});

const MISSING = [
  ...["WebSocket", "fetch", "XMLHttpRequest", "FormData", "Blob", "File", "URL", "URLSearchParams", "TextEncoder"],
  ...["TextDecoder", "btoa", "atob", "localStorage", "document", "window", "self", "location", "navigator", "crypto"],
  ...[
    "BroadcastChannel",
    "AbortController",
    "queueMicrotask",
    "structuredClone",
    "postMessage",
    "EventTarget",
    "Event",
  ],
  ...["process", "Buffer", "performance", "setImmediate", "require", "global"],
];

test("a phone has none of what mini-programs lack", async () => {
  const { createWxRealm } = await import("@hutong/testing");
  const realm = createWxRealm(createPhone().run);

  expect(MISSING.filter((name) => realm.evaluate(`typeof ${name}`) !== "undefined")).toEqual([]);
  expect(() => realm.evaluate('new Function("return 1")')).toThrow("Code generation from strings disallowed");
});
