import { createServer } from "@hutong/server";
import { connectLoopback, eventually } from "@hutong/testing";
import { expect, test } from "vitest";
import { inboxChannel } from "../../src/channels/inbox-channel.ts";
import type { ChatAssigns } from "../../src/channels/chat-assigns.ts";

const TOPIC = "inbox:ada";
const CALLER = { userId: "ada", kind: "user", sessionId: "session" } as const;
const ASSIGNS: ChatAssigns = { token: undefined, caller: CALLER, remoteAddress: "127.0.0.1" };

test("a second join counts as there also when the first one ends after it", async () => {
  const present = new Set<unknown>();
  let answer = (_output: object): void => {};
  const answered = new Promise<object>((resolve) => (answer = resolve));
  const inbox = inboxChannel({
    perform: () => answered,
    callers: { caller: () => Promise.resolve(CALLER) },
    onlineUsers: {
      arrived: (_userId, channel) => present.add(channel),
      left: (_userId, channel) => present.delete(channel),
    },
    failed: () => {},
  });
  await using server = createServer({ channels: [inbox] });
  await server.start();
  const client = connectLoopback(server, { admission: { assigns: ASSIGNS } });
  await client.reply(client.join(TOPIC));
  // Its handler keeps the first join's channel busy, so that the channel's end has to wait.
  client.push(TOPIC, "get_me");

  await client.reply(client.join(TOPIC));
  expect(present.size).toBe(2);
  answer({});

  await eventually(() => expect(present.size).toBe(1));
});
