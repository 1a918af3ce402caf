import { describe, expect, test } from "vitest";
import type { Socket } from "../../src/socket.ts";
import { createSocket, type WechatSocketOptions } from "../../src/wechat/create-socket.ts";
import { createScriptedPhone, type ScriptedLink } from "./scripted-phone.ts";

function connectPhone(options: WechatSocketOptions = {}, told = true) {
  const scripted = createScriptedPhone({ tellsOfCuts: told });
  const { phone } = scripted;
  const socket = createSocket("ws://example.com/socket", {
    wx: phone.wx,
    clock: phone.run.app.clock,
    random: () => 0.999_999,
    ...options,
  });
  const errors: unknown[] = [];
  socket.on("error", (error) => errors.push(error));
  return { ...scripted, socket, errors };
}

async function open(world: ReturnType<typeof connectPhone>): Promise<ScriptedLink> {
  world.socket.connect();
  await world.clock.settle();
  const link = world.latest();
  link.accept();
  await world.clock.settle();
  return link;
}

const kindOf = ({ state }: Socket): string => state.kind;

describe("a socket of a mini-program", () => {
  test("asks with version, parameters and the token in a header", async () => {
    const world = connectPhone({ token: "abc", params: { lang: "zh" } });

    const { handshake } = await open(world);

    expect(handshake).toEqual({
      url: "ws://example.com/socket/websocket?lang=zh&vsn=2.0.0%2Bhutong.1",
      headers: { Authorization: "Bearer abc" },
      protocols: [],
    });
    expect(world.socket.state).toEqual({ kind: "open", transport: "wechat" });
  });

  test("a token that no header can carry is reported, and tried again", async () => {
    const world = connectPhone({ token: "two\nlines" });

    world.socket.connect();
    await world.clock.settle();

    expect(world.errors).toEqual([new TypeError("the token fits no header; encode it")]);
    expect(kindOf(world.socket)).toBe("waiting");
  });

  test("WeChat's own close with 1000 is a reason to come back", async () => {
    const world = connectPhone();
    const link = await open(world);

    link.close(1000, "interrupted");

    expect(world.socket.state).toMatchObject({ kind: "waiting", reason: "interrupted" });
    await world.clock.advance(250);
    expect(world.links).toHaveLength(2);
  });

  test("any other 1000 that nobody asked for is one, too", async () => {
    const world = connectPhone();
    const link = await open(world);

    link.close(1000);

    expect(kindOf(world.socket)).toBe("waiting");
  });

  test("a terminal code of the server is final", async () => {
    const world = connectPhone();
    const link = await open(world);

    link.close(4503, "kicked");

    expect(world.socket.state).toEqual({ kind: "closed", code: 4503, reason: "kicked" });
  });

  test("after a freeze it connects anew in the moment of the return, without having been told of the cut", async () => {
    const world = connectPhone({}, false);
    await open(world);

    world.phone.background();
    await world.clock.advance(30_000);
    expect(world.socket.state.kind).toBe("open");
    world.phone.foreground();
    await world.clock.settle();

    expect(world.links).toHaveLength(2);
    expect(world.socket.state).toEqual({ kind: "connecting", attempt: 1 });
  });

  test("a link that was given up before it opened is closed when WeChat opens it all the same", async () => {
    const world = connectPhone();
    world.socket.connect();
    await world.clock.settle();
    const late = world.latest();

    await world.socket.close();
    expect(world.phone.socketCount).toBe(1);
    late.accept();
    late.close(1000);

    // It would stay one of WeChat's five.
    expect(late.ended).toBe("1000");
    expect(world.phone.socketCount).toBe(0);
    expect(world.socket.state).toEqual({ kind: "closed", code: 1000, reason: "" });
  });

  test("a send that WeChat refuses on the spot is a lost link, and the push is told at once", async () => {
    const { phone, clock, latest } = createScriptedPhone();
    const connectSocket: typeof phone.wx.connectSocket = (options) => {
      const task = phone.wx.connectSocket(options);
      const send = task.send.bind(task);
      task.send = (given) =>
        String(given.data).includes('"say"') ? given.fail?.({ errMsg: "sendSocketMessage:fail" }) : send(given);
      return task;
    };
    const socket = createSocket("ws://example.com/socket", { wx: { ...phone.wx, connectSocket }, clock });
    socket.connect();
    await clock.settle();
    latest().accept();
    await clock.settle();
    const channel = socket.channel("room:a");
    const joined = channel.join();
    latest().send('["1","1","room:a","phx_reply",{"status":"ok","response":{}}]');
    await joined;

    const pushed = channel.push("say").catch((error: unknown) => error);
    await clock.settle();

    expect(await pushed).toMatchObject({ code: "connection_lost" });
    expect(kindOf(socket)).toBe("waiting");
  });

  test("what a link from before a freeze still says concerns nobody", async () => {
    const world = connectPhone({}, false);
    const old = await open(world);
    world.phone.background();
    await world.clock.advance(6_000);
    world.phone.foreground();
    await world.clock.settle();
    world.latest().accept();

    old.close(4503, "kicked");
    old.fail("late");

    expect(world.socket.state).toEqual({ kind: "open", transport: "wechat" });
  });

  test("attempts that came to nothing use none of the five sockets up", async () => {
    const world = connectPhone({ timeoutMs: 1_000, reconnect: { maxMs: 250 } });
    world.socket.connect();
    await world.clock.advance(10 * 1_250);

    world.latest().accept();

    expect(world.links.length).toBeGreaterThan(5);
    expect(kindOf(world.socket)).toBe("open");
    expect(world.phone.socketCount).toBe(1);
  });

  test("the limit of five sockets is reported with its code, and the attempt is made again", async () => {
    const world = connectPhone();
    const others = [1, 2, 3, 4, 5].map(() => world.phone.wx.connectSocket({ url: "ws://example.com/other" }));

    world.socket.connect();
    await world.clock.settle();
    expect(world.errors).toMatchObject([{ name: "WechatError", code: "too_many_tasks", retryable: true }]);
    expect(world.socket.state).toMatchObject({ kind: "waiting", attempt: 2 });
    world.links[0]?.accept();
    others[0]?.close();
    world.links[0]?.close(1000);
    await world.clock.advance(250);
    world.latest().accept();

    expect(kindOf(world.socket)).toBe("open");
  });

  test("a domain that is not registered is reported with its code", async () => {
    const { phone, clock } = createScriptedPhone();
    const { connectSocket } = phone.wx;
    const wx = {
      ...phone.wx,
      connectSocket: (options: Parameters<typeof connectSocket>[0]) => connectSocket({ ...options, url: "no" }),
    };
    const socket = createSocket("ws://example.com/socket", { wx, clock: phone.run.app.clock });
    const errors: unknown[] = [];
    socket.on("error", (error) => errors.push(error));

    socket.connect();
    await clock.settle();

    expect(errors).toMatchObject([{ code: "domain_not_listed", retryable: false }]);
  });

  test("the return of the network ends a long wait", async () => {
    const world = connectPhone();
    const link = await open(world);
    world.phone.setNetwork("none");
    await world.clock.advance(60_000);
    expect(kindOf(world.socket)).toBe("offline");

    world.phone.setNetwork("wifi");
    await world.clock.settle();

    expect(link.ended).toBe("cut");
    expect(world.socket.state).toEqual({ kind: "connecting", attempt: 1 });
  });

  test("a token that the server calls expired is forgotten before the next attempt", async () => {
    const forgotten: string[] = [];
    const login = {
      token: async () => `token-${forgotten.length}`,
      forget: (token: string) => void forgotten.push(token),
    };
    const world = connectPhone({ login });
    const link = await open(world);

    link.close(4002, "token_expired");
    await world.clock.advance(250);

    expect(forgotten).toEqual(["token-0"]);
    expect(world.latest().handshake.headers).toEqual({ Authorization: "Bearer token-1" });
  });

  test("a close by the application closes the link and leaves nothing behind", async () => {
    const world = connectPhone();
    const link = await open(world);

    const closed = world.socket.close();
    link.close(1000);
    await closed;

    expect(world.socket.state).toEqual({ kind: "closed", code: 1000, reason: "" });
    expect(link.ended).toBe("1000");
    expect(world.clock.timerCount).toBe(0);
  });

  test("needs wx and an absolute address", () => {
    const { phone } = createScriptedPhone();

    expect(() => createSocket("wss://example.com/socket")).toThrow("there is no wx here");
    expect(() => createSocket("/socket", { wx: phone.wx })).toThrow('socket address is "/socket"');
  });
});
