import { decodeServerFrame, encodeClientFrame, HUTONG_VSN, phoenix } from "@hutong/protocol";
import { accept, createServer, defineChannel, reply, type Server } from "@hutong/server";
import { FakeClock, ScriptedTransport } from "@hutong/testing";
import { expect, test } from "vitest";
import { createGate } from "../support.ts";

const room = defineChannel("room:*", {
  join: () => accept(),
  handle: { whoami: (_payload, { connection }) => reply({ id: connection.socketId }) },
});

/** A joined client that names its pushes. */
function open(server: Server, id?: string): ScriptedTransport {
  const negotiation = phoenix.negotiate({ vsn: HUTONG_VSN, subprotocols: [] });
  if (negotiation.kind === "disagreed") throw new TypeError(negotiation.reason);
  const transport = new ScriptedTransport();
  const mount = server.mount({ grammar: phoenix, path: "/socket" });
  server.open(mount, transport, negotiation.wireProtocol, id === undefined ? {} : { id });
  transport.receive(
    encodeClientFrame({ joinRef: "1", ref: "1", topic: "room:1", event: "phx_join", payload: undefined }),
  );
  return transport;
}

test.each([
  ["an id and a push's id that read like another id and another push's", ["ann", "ann lee"], ["lee 0123456789abcdef"]],
  ["no id and an empty one", [undefined, ""], ["0123456789abcdef"]],
] as const)("nobody is given the answer of somebody else: %s", async (_what, [first, second], [pushId]) => {
  const clock = new FakeClock();
  const server = createServer({ channels: [room], clock });
  await server.start();
  const [one, other] = [open(server, first), open(server, second)];
  const push = { joinRef: "1", ref: "2", topic: "room:1", event: "whoami", payload: {} };

  one.receive(encodeClientFrame({ ...push, extension: pushId }));
  other.receive(encodeClientFrame({ ...push, extension: pushId.slice(-16) }));
  await clock.settle();

  const answers = [one, other].map(({ sent }) => decodeServerFrame(sent.at(-1) ?? "").payload);
  expect(answers).toEqual([
    { status: "ok", response: { id: first } },
    { status: "ok", response: { id: second } },
  ]);
  await server.close();
});

test("a push is answered even if its id has made room for others", async () => {
  const gate = createGate();
  const slow = defineChannel("room:*", {
    join: () => accept(),
    handle: {
      work: (payload, _channel, answer) => {
        void gate.opened.then(() => answer(reply(payload)));
      },
    },
  });
  const clock = new FakeClock();
  const server = createServer({ channels: [slow], clock, limits: { maxRememberedAnswers: 1 } });
  await server.start();
  const client = open(server);
  const push = { joinRef: "1", topic: "room:1", event: "work" };

  client.receive(encodeClientFrame({ ...push, ref: "2", payload: { n: 1 }, extension: "0123456789abcdef" }));
  client.receive(encodeClientFrame({ ...push, ref: "3", payload: { n: 2 }, extension: "fedcba9876543210" }));
  gate.open();
  await clock.settle();

  expect(client.sent.slice(1).map((frame) => decodeServerFrame(frame))).toMatchObject([
    { ref: "2", payload: { status: "ok", response: { n: 1 } } },
    { ref: "3", payload: { status: "ok", response: { n: 2 } } },
  ]);
  await server.close();
});
