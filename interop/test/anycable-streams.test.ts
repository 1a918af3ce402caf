import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectExtended, kept, presence, signedStreams, startAnycableServer } from "./support/anycable-server.ts";
import { confirmed, connectCable, delivered, identify, rejected } from "./support/cable-client.ts";
import type { SmallServer } from "./support/small-server.ts";

// `$pubsub`: streams that a client names, openly or with a signature.

let server: SmallServer;
beforeAll(async () => {
  server = await startAnycableServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const open = (name: unknown) => identify("$pubsub", { stream_name: name });
const signed = (name: unknown) => identify("$pubsub", { signed_stream_name: name });

/** A signed name as Rails makes it. */
function sign(value: unknown, secret = "a secret of the tests"): string {
  const encoded = Buffer.from(JSON.stringify(value)).toString("base64");
  return `${encoded}--${createHmac("sha256", secret).update(encoded).digest("hex")}`;
}

test("a public stream is followed, with its history", async () => {
  using client = await connectExtended(server.url);
  const identifier = open("chat/2");
  expect(await client.subscribe(identifier)).toStrictEqual(confirmed(identifier));

  server.server.broadcast("chat/2", "said", { n: 1 });

  expect(await client.next()).toStrictEqual(
    kept(identifier, { n: 1 }, { topic: "chat/2", epoch: expect.any(String), offset: 1 }),
  );
});

test("a plain client follows public streams too", async () => {
  using client = await connectCable(`${server.url}/cable`);
  const identifier = open("news:today");
  expect(await client.subscribe(identifier)).toStrictEqual(confirmed(identifier));

  server.server.broadcast("news:today", "said", "hi");

  expect(await client.next()).toStrictEqual(delivered(identifier, "hi"));
});

test("a signed stream is followed by the name that was signed (any-13)", async () => {
  using client = await connectExtended(server.url);
  const identifier = signed(sign("room:secret"));
  expect(await signedStreams.sign("room:secret")).toBe(sign("room:secret"));
  expect(await client.subscribe(identifier)).toStrictEqual(confirmed(identifier));

  server.server.broadcast("room:secret", "said", 1);

  expect(await client.next()).toMatchObject({ identifier, message: 1 });
});

test("the signed name wins over the open one", async () => {
  using client = await connectExtended(server.url);
  const identifier = identify("$pubsub", { signed_stream_name: sign("private"), stream_name: "chat/2" });
  await client.subscribe(identifier);

  server.server.broadcast("chat/2", "said", 1);
  server.server.broadcast("private", "said", 2);

  expect(await client.next()).toMatchObject({ message: 2 });
});

test.each([
  ["a stream that is not public", open("room:secret")],
  ["a name that is no topic", open("chat/a b")],
  ["a name that is no text", open(7)],
  ["no name", identify("$pubsub")],
  ["a signature with another secret", signed(sign("chat/2", "guess"))],
  ["a name without a signature", signed("ImNoYXQvMiI=")],
  ["a signature that is cut short", signed(sign("chat/2").slice(0, -2))],
  ["three parts", signed(`${sign("chat/2")}--${"0".repeat(64)}`)],
  ["a signed number", signed(sign(7))],
  ["a signed name that is no topic", signed(sign("a b"))],
])("%s is rejected", async (_name, identifier) => {
  using client = await connectExtended(server.url);

  expect(await client.subscribe(identifier)).toStrictEqual(rejected(identifier));
});

test("messages to a stream are ignored; whispers and presence are not", async () => {
  using client = await connectExtended(server.url);
  using other = await connectExtended(server.url);
  const identifier = open("chat/whispers");
  await client.subscribe(identifier);
  await other.subscribe(identifier);

  client.perform(identifier, "speak", { n: 1 });
  client.send({ command: "whisper", identifier, data: "psst" });
  client.send({ command: "join", identifier, presence: { id: "1", info: {} } });

  expect(await other.take(2)).toStrictEqual([
    delivered(identifier, "psst"),
    presence(identifier, { type: "join", info: {}, id: "1" }),
  ]);
});
