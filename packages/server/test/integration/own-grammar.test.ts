import { accept, createServer, defineChannel, type Refuse, refuse } from "@hutong/server";
import { listen, webSocketAt } from "@hutong/server/node";
import { type Grammar, ProtocolError, type WireProtocol } from "@hutong/protocol";
import { expect, test } from "vitest";
import { WebSocket } from "ws";

// A grammar of an application's own, in which an address stands for one channel.

const CHANNEL = { key: "echo", joinRef: null, ref: null } as const;

const echo: WireProtocol = {
  name: "echo-1",
  traits: {
    greets: false,
    refusal: "after_upgrade",
    joinAnswer: "before_hook",
    secondJoin: "ignored",
    handlerFailure: "fails_message",
    positions: false,
    historyAnswer: "with_join",
    presence: "diffs",
    limitedJoin: "refused",
    malformedFrame: "closes",
  },
  opening: [{ kind: "join", ...CHANNEL, target: { kind: "name", name: "Echo" }, params: {} }],
  decode: (frame) => {
    if (frame === "nonsense") throw new ProtocolError("nonsense");
    return { kind: "push", ...CHANNEL, event: "say", payload: frame };
  },
  encode: (message) => (message.kind === "push" ? String(message.payload) : undefined),
  farewell: (close) => ({ frame: `bye ${close}`, code: 4_321, reason: close }),
};

const grammar: Grammar = {
  name: "echo",
  negotiate: () => ({ kind: "agreed", wireProtocol: echo, subprotocol: undefined, token: undefined }),
};

async function start(connect: () => object | Refuse = () => ({})) {
  const channel = defineChannel("echo:*", {
    cable: { name: "Echo", topic: () => "echo:all" },
    join: () => accept(),
    joined: (joined) => joined.push("hello", "hello"),
    handle: { say: (payload, joined) => joined.push("said", `you said ${String(payload)}`) },
  });
  return listen(createServer({ channels: [channel] }), {
    port: 0,
    mounts: [webSocketAt("/echo", grammar, { connect })],
  });
}

/** Says everything at once, and gives what was heard until the end. */
async function talk(url: string, frames: readonly string[], count: number): Promise<readonly string[]> {
  const webSocket = new WebSocket(`${url.replace(/^http/, "ws")}/echo`);
  const heard: string[] = [];
  await new Promise<void>((resolve, reject) => {
    webSocket.on("error", reject);
    webSocket.on("open", () => {
      for (const frame of frames) webSocket.send(frame);
    });
    webSocket.addEventListener("message", ({ data }) => {
      heard.push(typeof data === "string" ? data : "bytes");
      if (heard.length === count) webSocket.close();
    });
    webSocket.on("close", () => resolve());
  });
  return heard;
}

test("a client is joined from the start, and what it says early waits for that", async () => {
  await using listener = await start();

  expect(await talk(listener.url, ["one", "two"], 3)).toEqual(["hello", "you said one", "you said two"]);
});

test("a frame outside the grammar ends in the grammar's own words", async () => {
  await using listener = await start();

  expect(await talk(listener.url, ["nonsense"], 3)).toEqual(["hello", "bye protocol_error"]);
});

test("a client that is refused hears so in the grammar's own words", async () => {
  await using listener = await start(() => refuse("no"));

  expect(await talk(listener.url, [], 3)).toEqual(["bye unauthenticated"]);
});
