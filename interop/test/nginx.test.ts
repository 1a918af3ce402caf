import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHAT_PLACES } from "./support/chat-places.ts";
import { LongPollClient } from "./support/long-poll-client.ts";
import type { RunningChat } from "./support/running-chat.ts";

// What a proxy can spoil beside WebSockets: polls that wait, large uploads, headers.

describe.each(CHAT_PLACES)("$name", ({ start }) => {
  let chat: RunningChat;
  beforeAll(async () => {
    chat = await start();
  });
  afterAll(() => chat[Symbol.asyncDispose]());

  test("a long poll joins, and hears what is said while it waits", async () => {
    const [ada, bo] = [new LongPollClient(`${chat.url}/socket`), new LongPollClient(`${chat.url}/socket`)];
    for (const client of [ada, bo]) {
      expect(await client.poll()).toMatchObject({ status: 410 });
      await client.post(["1", "1", "room:lobby", "phx_join", {}]);
      await client.poll();
    }
    const waiting = heardBy(bo);

    await ada.post(["1", "2", "room:lobby", "new_msg", { body: "through the poll" }]);

    expect(await waiting).toContain("through the poll");
  });

  test("an upload of two megabytes arrives whole, and comes back", async () => {
    const session = (await post("/api/visitors", {
      device: { key: "a-device-01", platform: "web", name: "test" },
    })) as {
      accessToken: string;
    }; // used next
    const headers = { authorization: `Bearer ${session.accessToken}` };
    const bytes = randomBytes(2_000_000);
    const body = new FormData();
    body.append("file", new Blob([bytes]), "noise.bin");

    const uploaded = await fetch(`${chat.url}/api/files`, { method: "POST", headers, body });
    const { file } = (await uploaded.json()) as { file: { id: string; size: number } }; // compared next
    const downloaded = await fetch(`${chat.url}/api/files/${file.id}`, { headers });

    expect(file.size).toBe(2_000_000);
    expect(Buffer.from(await downloaded.arrayBuffer()).equals(bytes)).toBe(true);
  });

  async function post(path: string, body: object): Promise<unknown> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${chat.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json();
  }
});

/** Polls until a message of the room comes. */
async function heardBy(client: LongPollClient): Promise<string> {
  for (;;) {
    const { messages = [] } = await client.poll();
    const said = messages.find((message) => message.includes("new_msg"));
    if (said !== undefined) return said;
  }
}
