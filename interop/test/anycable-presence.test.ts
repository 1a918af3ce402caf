import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectExtended, presence, roomOf, startAnycableServer } from "./support/anycable-server.ts";
import { type CableClient, confirmed, connectCable, delivered, identify } from "./support/cable-client.ts";
import type { SmallServer } from "./support/small-server.ts";

// The scenarios of AnyCable's own suite about presence, whispers and broadcasts to others, with raw frames.

let server: SmallServer;
beforeAll(async () => {
  server = await startAnycableServer();
});
afterAll(() => server[Symbol.asyncDispose]());

async function subscribed(identifier: string): Promise<CableClient> {
  const client = await connectExtended(server.url);
  await client.subscribe(identifier);
  return client;
}

const join = (identifier: string, id: unknown, info?: unknown) => ({
  command: "join",
  identifier,
  presence: { id, info },
});
const leave = (identifier: string) => ({ command: "leave", identifier });
const ask = (identifier: string, data?: object) => ({ command: "presence", identifier, data });
const came = (identifier: string, id: string, info: unknown) => presence(identifier, { type: "join", info, id });
const went = (identifier: string, id: string) => presence(identifier, { type: "leave", id });

describe("presence", () => {
  test("a join and a leave are told to everyone, their sender included", async () => {
    const room = roomOf("join-leave");
    using first = await subscribed(room);
    using second = await subscribed(room);

    first.send(join(room, "42", { name: "Bo" }));
    expect([await first.next(), await second.next()]).toStrictEqual([
      came(room, "42", { name: "Bo" }),
      came(room, "42", { name: "Bo" }),
    ]);

    first.send(leave(room));
    expect([await first.next(), await second.next()]).toStrictEqual([went(room, "42"), went(room, "42")]);
  });

  test("with a subscribe the join comes after the confirmation, and an unsubscribe is a leave", async () => {
    const room = roomOf("implicit");
    using watcher = await subscribed(room);
    using client = await connectExtended(server.url);

    client.send({ command: "subscribe", identifier: room, presence: { id: "7", info: { n: 1 } } });
    expect(await client.take(2)).toStrictEqual([confirmed(room), came(room, "7", { n: 1 })]);
    expect(await watcher.next()).toStrictEqual(came(room, "7", { n: 1 }));

    client.unsubscribe(room);
    expect(await watcher.next()).toStrictEqual(went(room, "7"));
  });

  test("a client that joined with its subscribe leaves when it does not come back (any-8)", async () => {
    await using hasty = await startAnycableServer({}, { graceMs: 20 });
    const room = roomOf("lost");
    using watcher = await connectExtended(hasty.url);
    await watcher.subscribe(room);
    const client = await connectExtended(hasty.url);
    client.send({ command: "subscribe", identifier: room, presence: { id: "7", info: {} } });
    expect(await watcher.next()).toStrictEqual(came(room, "7", {}));

    client.link.webSocket.terminate();

    expect(await watcher.next()).toStrictEqual(went(room, "7"));
  });

  test("several sessions of one id join once and leave once (any-9)", async () => {
    const room = roomOf("sessions");
    using watcher = await subscribed(room);
    using first = await subscribed(room);
    using second = await subscribed(room);

    first.send(join(room, "42", { tab: 1 }));
    expect(await watcher.next()).toStrictEqual(came(room, "42", { tab: 1 }));
    second.send(join(room, "42", { tab: 2 }));
    second.send(ask(room));
    await second.next();
    expect(await second.next()).toStrictEqual(
      presence(room, { type: "info", total: 1, records: [{ info: { tab: 2 }, id: "42" }] }),
    );
    first.send(leave(room));
    first.send(ask(room));
    await first.next();
    expect(await first.next()).toStrictEqual(
      presence(room, { type: "info", total: 1, records: [{ info: { tab: 2 }, id: "42" }] }),
    );
    second.send(leave(room));

    expect(await watcher.next()).toStrictEqual(went(room, "42"));
  });

  test("who joins again under the own id changes what is said, in silence; another id is ignored", async () => {
    const room = roomOf("again");
    using client = await subscribed(room);
    client.send(join(room, "1", { n: 1 }));
    await client.next();

    client.send(join(room, "1", { n: 2 }));
    client.send(join(room, "2", {}));
    client.send(ask(room));

    expect(await client.next()).toStrictEqual(
      presence(room, { type: "info", total: 1, records: [{ info: { n: 2 }, id: "1" }] }),
    );
  });

  test.each([
    ["text", "away"],
    ["null", null],
    ["a list", [1, 2]],
    ["an object", { a: 1 }],
  ])("an info may be %s", async (name, info) => {
    const room = roomOf(`info-${name.replace(" ", "-")}`);
    using client = await subscribed(room);

    client.send(join(room, "1", info));

    expect(await client.next()).toStrictEqual(came(room, "1", info));
  });

  test("a count alone names nobody", async () => {
    const room = roomOf("count");
    using client = await subscribed(room);
    client.send(join(room, "1", {}));
    await client.next();

    client.send(ask(room, { return_records: false }));

    expect(await client.next()).toStrictEqual(presence(room, { type: "info", total: 1 }));
  });

  test("what handlers track is told in the same way (any-7)", async () => {
    const room = roomOf("handler");
    using client = await subscribed(room);

    client.perform(room, "enter");
    expect(await client.next()).toStrictEqual(came(room, "handler", { by: "handler" }));
    client.perform(room, "exit");
    expect(await client.next()).toStrictEqual(went(room, "handler"));
  });

  test("a question is always answered, with an error where there is no answer", async () => {
    using client = await connectExtended(server.url);
    const plain = identify("PlainChannel");
    client.send({ command: "subscribe", identifier: plain });
    await client.take(2);

    client.send(ask(plain));
    client.send(ask(roomOf("unknown")));

    expect(await client.take(2)).toStrictEqual([
      presence(plain, { type: "error", total: 0 }),
      presence(roomOf("unknown"), { type: "error", total: 0 }),
    ]);
  });

  test("where presence is only shown, a client cannot list itself", async () => {
    const lobby = identify("LobbyChannel");
    using client = await connectExtended(server.url);
    client.send({ command: "subscribe", identifier: lobby });
    const frames = await client.take(2);

    client.send(join(lobby, "forged", {}));
    client.send(ask(lobby));

    expect(frames).toContainEqual(presence(lobby, { type: "join", info: {}, id: expect.stringMatching(/^member /) }));
    expect(await client.next()).toStrictEqual(
      presence(lobby, { type: "info", total: 1, records: [{ info: {}, id: expect.stringMatching(/^member /) }] }),
    );
  });

  test("a plain client is told diffs as before", async () => {
    const room = roomOf("plain");
    using plain = await connectCable(`${server.url}/cable`);
    using client = await subscribed(room);
    await plain.subscribe(room);

    client.send(join(room, "1", { n: 1 }));

    expect(await plain.next()).toStrictEqual(
      delivered(room, { joins: { "1": { metas: [{ n: 1, phx_ref: expect.any(String) }] } }, leaves: {} }),
    );
  });
});

describe("whispers", () => {
  test("reach the others only, whatever their dialect, and are not kept (any-2)", async () => {
    const room = roomOf("whisper");
    using sender = await subscribed(room);
    using other = await subscribed(room);
    using plain = await connectCable(`${server.url}/cable`);
    await plain.subscribe(room);

    sender.send({ command: "whisper", identifier: room, data: { typing: true } });
    sender.perform(room, "speak", { n: 1 });

    expect(await other.next()).toStrictEqual(delivered(room, { typing: true }));
    expect(await plain.next()).toStrictEqual(delivered(room, { typing: true }));
    expect(await sender.next()).toMatchObject({ message: { n: 1 }, offset: 1 });
  });

  test("are ignored where the definition does not allow them", async () => {
    const plain = identify("PlainChannel");
    using sender = await connectExtended(server.url);
    using other = await connectExtended(server.url);
    for (const client of [sender, other]) {
      client.send({ command: "subscribe", identifier: plain });
      await client.take(2);
    }

    sender.send({ command: "whisper", identifier: plain, data: 1 });
    await server.nextEvent("message_refused");
    server.server.broadcast("plain:1", "said", 2);

    expect(await other.next()).toStrictEqual(delivered(plain, 2));
  });
});

test("a broadcast to others leaves out its sender (any-1)", async () => {
  const room = roomOf("others");
  using sender = await subscribed(room);
  using other = await subscribed(room);

  sender.perform(room, "others", { n: 1 });
  sender.perform(room, "speak", { n: 2 });

  expect(await other.next()).toMatchObject({ message: { n: 1 }, offset: 1 });
  expect(await sender.next()).toMatchObject({ message: { n: 2 }, offset: 2 });
});
