import { fileURLToPath } from "node:url";
import type { Listener } from "@hutong/server/node";
import { createFakeWx, createWxRealm, type FakeWx, SkippingClock } from "@hutong/testing";
import type * as rails from "@rails/actioncable";
import { build } from "esbuild";
import type * as phoenix from "phoenix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFixture } from "../fixture/fixture.ts";
import { Inbox } from "./support/inbox.ts";

// The unmodified npm clients in the realm of a mini-program, which freezes and thaws.

const PHOENIX = `
  export { Socket } from "phoenix";
  export { WechatWebSocket } from "@hutong/client/wechat-web-socket";
`;

// The client watches the page's visibility, and a mini-program has no page: it is told of the return in another way.
const ACTION_CABLE = `
  import { adapters, createConsumer } from "@rails/actioncable";
  import { WechatWebSocket } from "@hutong/client/wechat-web-socket";
  Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} });
  adapters.WebSocket = WechatWebSocket;
  export function createPhoneConsumer(url) {
    const consumer = createConsumer(url);
    wx.onAppShow(() => setTimeout(() => consumer.connection.isOpen() || consumer.connection.reopen(), 0));
    return consumer;
  }
`;

interface Phone {
  readonly phone: FakeWx;
  readonly clock: SkippingClock;
  /** What the script exports. */
  readonly exports: unknown;
}

/** Starts a script in a mini-program. */
async function startPhone(script: string): Promise<Phone> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    conditions: ["source"],
    format: "cjs",
    target: "es2017",
    write: false,
  });
  const clock = new SkippingClock();
  const phone = createFakeWx({ clock });
  return { phone, clock, exports: createWxRealm(phone.run).load(outputFiles[0]?.text ?? "") };
}

let fixture: Listener;
beforeAll(async () => {
  fixture = await startFixture({ port: 0 });
});
afterAll(() => fixture.close());

const address = (path: string): string => fixture.url.replace(/^http/, "ws") + path;

function leaveFor({ phone, clock }: Phone, ms: number): void {
  phone.background();
  clock.skip(ms);
  expect(phone.socketCount).toBe(0);
  phone.foreground();
}

describe("phoenix 1.8 in the realm of a mini-program", () => {
  test("comes back after half a minute in the background, and speaks again", async () => {
    const world = await startPhone(PHOENIX);
    // The script exports the two.
    const { Socket, WechatWebSocket } = world.exports as Pick<typeof phoenix, "Socket"> & {
      readonly WechatWebSocket: new (url: string) => object;
    };
    const socket = new Socket(address("/socket"), { transport: WechatWebSocket, params: { user_id: "phone" } });
    const channel = socket.channel("room:greet");
    const events = new Inbox<unknown>();
    channel.on("greeting", (payload: unknown) => events.add(["greeting", payload]));
    socket.onOpen(() => events.add("open"));
    socket.onClose((event: unknown) => events.add(["close", Reflect.get(Object(event), "code")]));
    socket.connect();
    channel.join();
    expect(await events.take(2)).toEqual(["open", ["greeting", { hi: true }]]);

    leaveFor(world, 30_000);
    expect(await events.next()).toEqual(["close", 1006]);
    expect(await events.next()).toBe("open");
    expect(await events.next()).toEqual(["greeting", { hi: true }]);
    const answer = new Promise((resolve) => channel.push("echo", { n: 1 }).receive("ok", resolve));
    expect(await answer).toEqual({ n: 1 });
    socket.disconnect();
  });
});

describe("@rails/actioncable 8.1 in the realm of a mini-program", () => {
  test("comes back after half a minute in the background, and speaks again", async () => {
    const world = await startPhone(ACTION_CABLE);
    // The script exports it.
    const { createPhoneConsumer } = world.exports as { readonly createPhoneConsumer: typeof rails.createConsumer };
    const consumer = createPhoneConsumer(address("/cable"));
    const happened = new Inbox<unknown>();
    const subscription = consumer.subscriptions.create(
      { channel: "ChatChannel", room: "phone" },
      {
        connected: ({ reconnected }: { readonly reconnected: boolean }) => happened.add(["connected", reconnected]),
        disconnected: () => happened.add("disconnected"),
        received: (data: unknown) => happened.add(data),
      },
    );
    expect(await happened.next()).toEqual(["connected", false]);

    leaveFor(world, 30_000);
    expect(await happened.next()).toBe("disconnected");
    // The client counts only the attempts that it made by itself.
    expect(await happened.next()).toEqual(["connected", false]);
    subscription.perform("echo", { n: 1 });
    expect(await happened.next()).toEqual({ action: "echo", n: 1 });
    consumer.disconnect();
  });
});
