import { once } from "node:events";
import { eventually, FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { clientNameOf } from "../../src/bus/web-socket-bus.ts";
import { BusServer } from "../support/bus-server.ts";
import { busConformance, publish, record } from "./conformance.ts";

busConformance("the WebSocket bus", () => BusServer.start());

async function closeOf(webSocket: WebSocket): Promise<{ readonly code: number; readonly reason: string }> {
  const [code, reason] = (await once(webSocket, "close")) as [number, Buffer];
  return { code, reason: reason.toString() };
}

describe("defects that a bus of this kind had elsewhere", () => {
  test("a late close of an old link takes neither the new link nor the queue away", async () => {
    await using server = await BusServer.start();
    const service = server.connect("APPSERVICE");
    const old = server.raw("WEBVIEW_1##");
    await once(old, "open");
    const heard = record(service);
    const next = server.connect("WEBVIEW_1");
    const view = record(next);
    next.send({ command: "WEBVIEW_PUBLISH", data: { eventName: "attached", data: null } });
    await eventually(() => expect(heard).toHaveLength(1));
    service.send(publish("one", 1));
    await eventually(() => expect(view).toHaveLength(1));

    old.close();
    await once(old, "close");
    service.send(publish("two", 1));

    await eventually(() => expect(view).toHaveLength(2));
  });

  test("a close keeps what waits", async () => {
    await using server = await BusServer.start();
    const service = server.connect("APPSERVICE");
    service.send(publish("waiting", 9));
    const first = server.raw("WEBVIEW_8##");
    await once(first, "open");
    first.close();
    await once(first, "close");

    const view = record(server.connect("WEBVIEW_9"));

    await eventually(() => expect(view).toHaveLength(1));
  });

  test("a part that is not there yet has a mailbox and no link", async () => {
    await using server = await BusServer.start();
    const [session] = server.sessions;

    session.receive("APPSERVICE", JSON.stringify(publish("first", 5)));
    const view = record(server.connect("WEBVIEW_5"));

    await eventually(() => expect(view).toMatchObject([{ data: { eventName: "first" } }]));
  });

  test("a session that does not exist is closed at once", async () => {
    await using server = await BusServer.start();

    const closed = await closeOf(server.raw("APPSERVICE##", "guessed"));

    expect(closed).toEqual({ code: 1008, reason: "no such session" });
  });

  test.each(["APPSERVICE", "WEBVIEW_##", "WEBVIEW_0##", "HOST##", "CONTROL##x", "appservice##", "WEBVIEW_1_2##"])(
    "the subprotocol %s names no part",
    (subprotocol) => {
      expect(clientNameOf(subprotocol)).toBeUndefined();
    },
  );

  test.each([
    ["APPSERVICE##", "APPSERVICE"],
    ["WEBVIEW_12##", "WEBVIEW_12"],
    ["CONTROL##", "CONTROL"],
  ])("the subprotocol %s is answered, and names %s", async (subprotocol, name) => {
    await using server = await BusServer.start();
    const webSocket = server.raw(subprotocol);
    await once(webSocket, "open");

    expect(webSocket.protocol).toBe(subprotocol);
    expect(clientNameOf(subprotocol)).toBe(name);
  });

  test("a frame that is no JSON ends its own link and nothing else", async () => {
    await using server = await BusServer.start();
    const service = server.connect("APPSERVICE");
    const view = record(server.connect("WEBVIEW_1"));
    const bad = server.raw("WEBVIEW_2##");
    await once(bad, "open");
    bad.send("{");

    expect(await closeOf(bad)).toEqual({ code: 1003, reason: "frame is not JSON" });
    service.send(publish("still here", 1));
    await eventually(() => expect(view).toHaveLength(1));
  });

  test("a frame that is binary, or that this part may not send, ends the link with a reason", async () => {
    await using server = await BusServer.start();
    const binary = server.raw("WEBVIEW_1##");
    const wrong = server.raw("WEBVIEW_2##");
    await Promise.all([once(binary, "open"), once(wrong, "open")]);
    binary.send(Buffer.from("{}"));
    wrong.send(JSON.stringify(publish("not mine", 1)));

    const [first, second] = await Promise.all([closeOf(binary), closeOf(wrong)]);

    expect(first).toEqual({ code: 1003, reason: "frames are text" });
    expect(second).toEqual({ code: 1008, reason: "WEBVIEW_2 may not send APPSERVICE_PUBLISH" });
  });

  test("a frame that is too long ends the link with 1009", async () => {
    await using server = await BusServer.start();
    const webSocket = server.raw("APPSERVICE##");
    await once(webSocket, "open");
    webSocket.send(JSON.stringify(publish("x".repeat(70_000), 1)));

    expect(await closeOf(webSocket)).toMatchObject({ code: 1009 });
  });

  test("a link that answers no ping is dropped, one that answers stays", async () => {
    const clock = new FakeClock();
    await using server = await BusServer.start({ clock, heartbeatIntervalMs: 1_000 });
    const alive = server.raw("WEBVIEW_1##");
    const dead = server.raw("WEBVIEW_2##");
    dead.pong = () => {};
    Object.defineProperty(dead, "_autoPong", { value: false });
    await Promise.all([once(alive, "open"), once(dead, "open")]);
    const pinged = once(alive, "ping");
    const closed = closeOf(dead);
    await clock.advance(1_000);
    await pinged;
    // The pong of the living one is on its way; a message after it shows that it arrived.
    alive.send(JSON.stringify({ command: "WEBVIEW_PUBLISH", data: { eventName: "after", data: null } }));
    const service = record(server.connect("APPSERVICE"));
    await eventually(() => expect(service).toHaveLength(1));

    await clock.advance(1_000);

    expect(await closed).toMatchObject({ code: 1006 });
    expect(alive.readyState).toBe(1);
  });
});
