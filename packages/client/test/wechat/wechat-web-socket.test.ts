import { describe, expect, test } from "vitest";
import { WechatWebSocket, type WechatWebSocketEvent } from "../../src/wechat-web-socket.ts";
import { createScriptedPhone } from "./scripted-phone.ts";

function open(protocols: string | readonly string[] = [], headers: Readonly<Record<string, string>> = {}) {
  const scripted = createScriptedPhone();
  const { phone } = scripted;
  const options = { wx: phone.wx, clock: phone.run.app.clock, headers };
  const webSocket = new WechatWebSocket("ws://example.com/cable", protocols, options);
  const events: Partial<WechatWebSocketEvent>[] = [];
  for (const type of ["open", "message", "error", "close"] as const)
    webSocket.addEventListener(type, ({ target: _target, ...event }) => void events.push(event));
  return { ...scripted, webSocket, events };
}

describe("WechatWebSocket", () => {
  test("opens with protocols and headers, and knows what the server chose", () => {
    const { webSocket, latest, events } = open(["a", "b"], { Authorization: "Bearer t" });
    expect([webSocket.readyState, webSocket.protocol]).toEqual([WechatWebSocket.CONNECTING, ""]);

    latest().accept({ "Sec-WebSocket-Protocol": "b" });

    expect(latest().handshake).toEqual({
      url: "ws://example.com/cable",
      headers: { Authorization: "Bearer t" },
      protocols: ["a", "b"],
    });
    expect([webSocket.readyState, webSocket.protocol]).toEqual([WechatWebSocket.OPEN, "b"]);
    expect(events).toEqual([{ type: "open" }]);
  });

  test("takes the best of its offer for chosen where WeChat shows no headers", () => {
    const { webSocket, latest } = open("only");

    latest().accept();

    expect(webSocket.protocol).toBe("only");
  });

  test("sends text, and of bytes exactly what it is given", () => {
    const { webSocket, latest } = open();
    latest().accept();
    const bytes = Uint8Array.of(0, 1, 2, 3, 4, 5);

    webSocket.send("text");
    webSocket.send(bytes.buffer);
    webSocket.send(bytes.subarray(2, 4));
    webSocket.send(new DataView(bytes.buffer, 5));

    expect(latest().received).toEqual(["text", bytes.buffer, Uint8Array.of(2, 3).buffer, Uint8Array.of(5).buffer]);
    expect(webSocket.bufferedAmount).toBe(0);
  });

  test("gives messages to the handler and to listeners", () => {
    const { webSocket, latest, events } = open();
    const handled: unknown[] = [];
    const onmessage = ({ data, target }: WechatWebSocketEvent): void => void handled.push(data, target === webSocket);
    Object.assign(webSocket, { onmessage });
    latest().accept();

    latest().send("one");

    expect(handled).toEqual(["one", true]);
    expect(events).toEqual([{ type: "open" }, { type: "message", data: "one" }]);
  });

  test("cannot send before it is open, and drops what is sent after its end", async () => {
    const { webSocket, latest, clock } = open();
    expect(() => webSocket.send("early")).toThrow("the WebSocket is not open yet");

    latest().accept();
    webSocket.close(3_000, "bye");
    webSocket.send("late");
    await clock.settle();

    expect(latest().received).toEqual([]);
    expect(latest().ended).toBe("3000 bye");
  });

  test("a close is told when the server has answered it", async () => {
    const { webSocket, latest, clock, events } = open();
    latest().accept();

    webSocket.close();
    expect(webSocket.readyState).toBe(WechatWebSocket.CLOSING);
    await clock.settle();
    latest().close(1000);

    expect(webSocket.readyState).toBe(WechatWebSocket.CLOSED);
    expect(events.at(-1)).toEqual({ type: "close", code: 1000, reason: "normal closure", wasClean: true });
  });

  test("a close before the open is told afterwards, and made up for when WeChat opens all the same", async () => {
    const { webSocket, latest, clock, events } = open();

    webSocket.close();
    expect(events).toEqual([]);
    await clock.settle();
    latest().accept();
    latest().send("late");

    expect(events.map(({ type }) => type)).toEqual(["close"]);
    expect(latest().ended).toBe("1000");
  });

  test("a failure is an error and then a close with 1006", () => {
    const { webSocket, latest, events } = open();

    latest().fail("refused");
    latest().close(1006);

    expect(webSocket.readyState).toBe(WechatWebSocket.CLOSED);
    expect(events).toEqual([
      { type: "error", message: "refused" },
      { type: "close", code: 1006, reason: "refused", wasClean: false },
    ]);
  });

  test("WeChat's 1000 of a freeze is told as 1006, so that a stock client comes back", async () => {
    const { phone, clock, latest, events } = open();
    latest().accept();

    phone.background();
    await clock.advance(5_000);
    phone.foreground();

    expect(events).toEqual([{ type: "open" }, { type: "close", code: 1006, reason: "interrupted", wasClean: false }]);
  });

  test("a listener is called once, until it is removed, and one that throws stops nobody", async () => {
    const { webSocket, latest, clock } = open();
    const heard: unknown[] = [];
    const listener = ({ data }: WechatWebSocketEvent): void => void heard.push(data);
    webSocket.addEventListener("message", () => {
      throw new Error("a bug of the application");
    });
    webSocket.addEventListener("message", listener);
    webSocket.addEventListener("message", listener);
    latest().accept();

    latest().send("one");
    webSocket.removeEventListener("message", listener);
    latest().send("two");

    expect(heard).toEqual(["one"]);
    await expect(clock.advance(0)).rejects.toThrow("a bug of the application");
  });

  test("needs an absolute address, and a close code that applications may use", () => {
    const { webSocket, phone } = open();

    expect(() => new WechatWebSocket("/cable", [], { wx: phone.wx })).toThrow(SyntaxError);
    expect(() => webSocket.close(1001)).toThrow("close code is 1001");
  });
});
