import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { BusError, BusSession, type ClientName, connectInMemory, parseBusMessage } from "../../src/index.ts";
import { busConformance, publish, record } from "./conformance.ts";

busConformance("the memory bus", () => {
  const clock = new FakeClock();
  const sessions = [new BusSession({ clock }), new BusSession({ clock })] as const;
  return Promise.resolve({
    connect: (name: ClientName, session: 0 | 1 = 0) => connectInMemory(sessions[session], name),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

describe("a session of the bus", () => {
  test("a queue that is full is dropped whole, and its part is told first how much it lost", async () => {
    const clock = new FakeClock();
    const session = new BusSession({ clock, mailbox: { maxCount: 3 } });
    const service = connectInMemory(session, "APPSERVICE");
    for (let index = 0; index < 5; index++) service.send(publish(`e${index}`, 1));

    const view = record(connectInMemory(session, "WEBVIEW_1"));
    service.send(publish("fresh", 1));
    await clock.settle();

    expect(view).toMatchObject([
      { command: "SYSTEM", data: { eventName: "messagesLost", data: { lostCount: 5 } } },
      { data: { eventName: "fresh" } },
    ]);
  });

  test("what waited longer than the limit is dropped", async () => {
    const clock = new FakeClock();
    const session = new BusSession({ clock, mailbox: { maxAgeMs: 1_000 } });
    connectInMemory(session, "APPSERVICE").send(publish("old", 1));
    await clock.advance(1_001);

    const view = record(connectInMemory(session, "WEBVIEW_1"));
    await clock.settle();

    expect(view).toMatchObject([{ data: { eventName: "messagesLost", data: { lostCount: 1 } } }]);
  });

  test("a part may not send what belongs to another", () => {
    const session = new BusSession({ clock: new FakeClock() });
    const view = connectInMemory(session, "WEBVIEW_1");

    expect(() => view.send({ command: "APPSERVICE_ON_EVENT", data: { eventName: "onAppRoute", data: {} } })).toThrow(
      "WEBVIEW_1 may not send APPSERVICE_ON_EVENT",
    );
  });

  test("an observer sees every message with its receivers", () => {
    const session = new BusSession({ clock: new FakeClock() });
    const seen: unknown[] = [];
    const off = session.observe(({ from, to }) => seen.push([from, to]));

    connectInMemory(session, "APPSERVICE").send(publish("a", [1, 2]));
    off();
    connectInMemory(session, "APPSERVICE").send(publish("b", [1, 2]));

    expect(seen).toEqual([["APPSERVICE", ["WEBVIEW_1", "WEBVIEW_2"]]]);
  });
});

describe("parseBusMessage", () => {
  test.each([
    ["not json", "frame is not JSON"],
    ["[]", "frame is not a JSON object"],
    ['{"command":"NO_SUCH"}', "is not known"],
    ['{"command":"toString","data":{}}', "is not known"],
    ['{"command":"APPSERVICE_INVOKE","data":{"api":"x"}}', "its data does not fit"],
    ['{"command":"APPSERVICE_INVOKE_CALLBACK","data":{"callbackID":1,"res":{}}}', "its data does not fit"],
    ['{"command":"WEBVIEW_PUBLISH","data":null}', "its data does not fit"],
  ])("refuses %s", (frame, reason) => {
    expect(() => parseBusMessage(frame)).toThrow(BusError);
    expect(() => parseBusMessage(frame)).toThrow(reason);
  });

  test("reads a call with its number", () => {
    const frame = '{"command":"APPSERVICE_INVOKE","data":{"api":"login","args":{},"callbackID":3}}';

    expect(parseBusMessage(frame)).toEqual({
      command: "APPSERVICE_INVOKE",
      data: { api: "login", args: {}, callbackID: 3 },
    });
  });
});
