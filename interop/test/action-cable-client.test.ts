import { Channel, type Cable, createCable } from "@anycable/core";
import { createServer } from "@hutong/server";
import { actionCableAt, listen, type Listener } from "@hutong/server/node";
import * as rails from "@rails/actioncable";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { cableChannels } from "../fixture/cable-channels.ts";
import { startFixture } from "../fixture/fixture.ts";
import { Inbox } from "./support/inbox.ts";
import { within } from "./support/limits.ts";
import { PhoneWebSocket } from "./support/phone-web-socket.ts";

// The unmodified npm clients, driven as an application drives them.

let fixture: Listener;
beforeAll(async () => {
  fixture = await startFixture({ port: 0 });
});
afterAll(() => fixture.close());

const toCableUrl = (url: string, query = "") => `${url.replace(/^http/, "ws")}/cable${query}`;
const disconnect = (body: object) =>
  fetch(`${fixture.url}/_disconnect`, { method: "POST", body: JSON.stringify(body) });

/** The fixture's Action Cable side with pings that are frequent enough for impatient clients. */
function startPinging(port: number): Promise<Listener> {
  const mounts = [actionCableAt("/cable", { limits: { pingIntervalMs: 50 } })];
  return listen(createServer({ channels: cableChannels }), { port, mounts });
}

describe.each([
  ["in a page", WebSocket],
  ["in a mini-program", PhoneWebSocket],
])("@rails/actioncable 8.1 %s", (_place, constructor) => {
  beforeAll(() => {
    // The client watches the page's visibility, which Node does not have.
    vi.stubGlobal("addEventListener", () => {});
    vi.stubGlobal("removeEventListener", () => {});
    Reflect.set(rails.adapters, "WebSocket", constructor);
  });
  afterAll(() => {
    vi.unstubAllGlobals();
  });

  function open(query = "", url = fixture.url): Disposable & { readonly consumer: rails.Consumer } {
    const consumer = rails.createConsumer(toCableUrl(url, query));
    return { consumer, [Symbol.dispose]: () => consumer.disconnect() };
  }

  /** A subscription and all that happens to it, in order. */
  function subscribe(consumer: rails.Consumer, params: rails.ChannelNameWithParams) {
    const happened = new Inbox<unknown>();
    const subscription = consumer.subscriptions.create(params, {
      connected: ({ reconnected }: { readonly reconnected: boolean }) => happened.add(["connected", reconnected]),
      disconnected: ({ willAttemptReconnect }: { readonly willAttemptReconnect: boolean | undefined }) =>
        happened.add(["disconnected", willAttemptReconnect]),
      rejected: () => happened.add(["rejected"]),
      received: (data: unknown) => happened.add(["received", data]),
    });
    return { subscription, happened };
  }

  test("a subscription is connected, performs and receives", async () => {
    using client = open();
    const { subscription, happened } = subscribe(client.consumer, { channel: "ChatChannel", room: "rails" });
    expect(await happened.next()).toStrictEqual(["connected", false]);

    subscription.perform("speak", { body: "hi" });
    subscription.perform("echo", { n: 1 });
    subscription.send({ n: 2 });

    expect(await happened.take(3)).toStrictEqual([
      ["received", { body: "hi" }],
      ["received", { action: "echo", n: 1 }],
      ["received", { received: { n: 2 } }],
    ]);
  });

  test("a rejected subscription is told so", async () => {
    using client = open();
    const { happened } = subscribe(client.consumer, { channel: "ChatChannel", reject: true });
    const unknown = subscribe(client.consumer, { channel: "NoSuchChannel" });

    expect(await happened.next()).toStrictEqual(["rejected"]);
    expect(await unknown.happened.next()).toStrictEqual(["rejected"]);
  });

  test("an ended subscription hears nothing more, its neighbours do", async () => {
    using client = open();
    const ended = subscribe(client.consumer, { channel: "ChatChannel", room: "ended" });
    const stayed = subscribe(client.consumer, { channel: "ChatChannel", room: "ended", name: "other" });
    await ended.happened.next();
    await stayed.happened.next();

    ended.subscription.unsubscribe();
    stayed.subscription.perform("speak", { body: "hi" });

    expect(await stayed.happened.next()).toStrictEqual(["received", { body: "hi" }]);
    expect(ended.happened.pending).toStrictEqual([]);
  });

  test("a subscription that was made, ended and made again at once works", async () => {
    using client = open();
    const params = { channel: "ChatChannel", room: "again" };
    await subscribe(client.consumer, { channel: "ChatChannel" }).happened.next();

    subscribe(client.consumer, params).subscription.unsubscribe();
    const { subscription, happened } = subscribe(client.consumer, params);
    expect(await happened.next()).toStrictEqual(["connected", false]);
    const received = new Promise<unknown>((resolve) => Reflect.set(subscription, "received", resolve));
    subscription.perform("echo", { n: 1 });

    expect(await within(received, "the echo")).toStrictEqual({ action: "echo", n: 1 });
  });

  test("a client with a bad token is disconnected and stays away", async () => {
    using client = open("?token=bad");
    const { happened } = subscribe(client.consumer, { channel: "ChatChannel" });

    expect(await happened.next()).toStrictEqual(["disconnected", false]);
  });

  test.each([true, false])("a remote disconnect is told with whether to come back: %s", async (reconnect) => {
    using client = open(`?uid=rails-${reconnect}`);
    const { happened } = subscribe(client.consumer, { channel: "ChatChannel" });
    await happened.next();

    await disconnect({ uid: `rails-${reconnect}`, reconnect });

    expect(await happened.next()).toStrictEqual(["disconnected", reconnect]);
  });

  test("the offered subprotocols may carry a token", async () => {
    using client = open();
    client.consumer.addSubProtocol("anycable-token.bad");
    const { happened } = subscribe(client.consumer, { channel: "ChatChannel" });

    expect(await happened.next()).toStrictEqual(["disconnected", false]);
  });

  test("a client comes back when its server has been started anew on the same port", async () => {
    // In seconds; the stock threshold of 6 makes for a test of up to 18.
    const monitor: unknown = Reflect.get(rails, "ConnectionMonitor");
    const stockThreshold: unknown = Reflect.get(Object(monitor), "staleThreshold");
    Reflect.set(Object(monitor), "staleThreshold", 0.3);
    try {
      const before = await startPinging(0);
      using client = open("", before.url);
      const { subscription, happened } = subscribe(client.consumer, { channel: "ChatChannel", room: "restart" });
      expect(await happened.next()).toStrictEqual(["connected", false]);

      await before.close();
      expect(await happened.next()).toStrictEqual(["disconnected", true]);
      await using _after = await startPinging(before.port);

      expect(await happened.next()).toStrictEqual(["connected", true]);
      subscription.perform("echo", { n: 1 });
      expect(await happened.next()).toStrictEqual(["received", { action: "echo", n: 1 }]);
    } finally {
      Reflect.set(Object(monitor), "staleThreshold", stockThreshold);
    }
  });
});

class ChatChannel extends Channel<{ room: string }> {
  static override readonly identifier = "ChatChannel";
}

class RejectingChannel extends Channel<{ reject: boolean }> {
  static override readonly identifier = "ChatChannel";
}

class UnknownChannel extends Channel {
  static override readonly identifier = "NoSuchChannel";
}

describe("@anycable/core 1.1", () => {
  function open(query = "", url = fixture.url): Disposable & { readonly cable: Cable } {
    const cable = createCable(toCableUrl(url, query), {
      websocketImplementation: WebSocket,
      reconnectStrategy: () => 50,
    });
    return { cable, [Symbol.dispose]: () => cable.disconnect() };
  }

  /** Subscribes a channel and collects all that happens to it, in order. */
  function subscribe(cable: Cable, channel: Channel): Inbox<unknown> {
    const happened = new Inbox<unknown>();
    channel.on("connect", ({ reconnect }) => happened.add(["connect", reconnect]));
    channel.on("disconnect", ({ reason }) => happened.add(["disconnect", reason]));
    channel.on("close", (event) => happened.add(["close", event?.reason ?? event?.name]));
    channel.on("message", (message) => happened.add(["message", message]));
    cable.subscribe(channel);
    return happened;
  }

  test("a channel is subscribed, performs and receives", async () => {
    using client = open();
    const channel = new ChatChannel({ room: "anycable" });
    const happened = subscribe(client.cable, channel);
    await channel.ensureSubscribed();
    expect(await happened.next()).toStrictEqual(["connect", false]);

    await channel.perform("speak", { body: "hi" });
    await channel.perform("echo", { n: 1 });
    await channel.send({ n: 2 });

    expect(await happened.take(3)).toStrictEqual([
      ["message", { body: "hi" }],
      ["message", { action: "echo", n: 1 }],
      ["message", { received: { n: 2 } }],
    ]);
  });

  test("a rejected channel is told so", async () => {
    using client = open();

    const rejecting = client.cable.subscribe(new RejectingChannel({ reject: true }));
    const unknown = client.cable.subscribe(new UnknownChannel());

    expect(await Promise.allSettled([rejecting.ensureSubscribed(), unknown.ensureSubscribed()])).toMatchObject([
      { status: "rejected", reason: { name: "SubscriptionRejectedError" } },
      { status: "rejected", reason: { name: "SubscriptionRejectedError" } },
    ]);
  });

  test("an ended channel hears nothing more, its neighbours do", async () => {
    using client = open();
    using other = open();
    const ended = new ChatChannel({ room: "left" });
    const stayed = new ChatChannel({ room: "left" });
    const atEnded = subscribe(client.cable, ended);
    const atStayed = subscribe(other.cable, stayed);
    await atEnded.next();
    await atStayed.next();

    ended.disconnect();
    expect(await atEnded.next()).toStrictEqual(["close", undefined]);
    await stayed.perform("speak", { body: "hi" });

    expect(await atStayed.next()).toStrictEqual(["message", { body: "hi" }]);
    expect(atEnded.pending).toStrictEqual([]);
  });

  test("a channel that was subscribed, ended and subscribed again at once works", async () => {
    using client = open();
    const first = client.cable.subscribe(new ChatChannel({ room: "again" }));
    first.disconnect();
    const second = new ChatChannel({ room: "again" });
    const happened = subscribe(client.cable, second);
    await second.ensureSubscribed();
    expect(await happened.next()).toStrictEqual(["connect", false]);

    await second.perform("echo", { n: 1 });

    expect(await happened.next()).toStrictEqual(["message", { action: "echo", n: 1 }]);
  });

  test("a client with a bad token is closed", async () => {
    using client = open("?token=bad");

    await expect(client.cable.connect()).rejects.toMatchObject({ reason: "unauthorized" });
    expect(client.cable.state).toBe("closed");
  });

  test("a client that was disconnected remotely comes back", async () => {
    using client = open("?uid=anycable");
    const happened = subscribe(client.cable, new ChatChannel({ room: "remote" }));
    await happened.next();

    await disconnect({ uid: "anycable", reconnect: true });

    expect(await happened.take(2)).toStrictEqual([
      ["disconnect", "remote"],
      ["connect", true],
    ]);
  });

  test("a client that was disconnected for good stays away", async () => {
    using client = open("?uid=anycable-bye");
    const closed = new Promise<unknown>((resolve) => client.cable.on("close", (event) => resolve(event?.reason)));
    const happened = subscribe(client.cable, new ChatChannel({ room: "remote" }));
    await happened.next();

    await disconnect({ uid: "anycable-bye", reconnect: false });

    expect(await happened.next()).toStrictEqual(["disconnect", "remote"]);
    expect(await within(closed, "the close of the cable")).toBe("remote");
  });

  test("a client comes back when its server has been started anew on the same port", async () => {
    const before = await startPinging(0);
    using client = open("", before.url);
    const channel = new ChatChannel({ room: "restart" });
    const happened = subscribe(client.cable, channel);
    await happened.next();

    await before.close();
    expect(await happened.next()).toStrictEqual(["disconnect", "server_restart"]);
    await using _after = await startPinging(before.port);

    expect(await happened.next()).toStrictEqual(["connect", true]);
    await channel.perform("echo", { n: 1 });
    expect(await happened.next()).toStrictEqual(["message", { action: "echo", n: 1 }]);
  });
});
