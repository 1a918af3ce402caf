import { FrameClient } from "@hutong/testing";
import { describe, expect, test } from "vitest";

function createClient(): { readonly client: FrameClient<number>; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const link = {
    send: (frame: unknown) => sent.push(frame),
    close: (code: number, reason: string) => sent.push([code, reason]),
  };
  return { client: new FrameClient<number>(link, Number), sent };
}

describe("next", () => {
  test("gives what came already", async () => {
    const { client } = createClient();
    client.receive("1");

    expect(await client.next()).toBe(1);
  });

  test("waits for what comes", async () => {
    const { client } = createClient();

    const wanted = client.next((message) => message > 5);
    for (const frame of ["1", "7", "9"]) client.receive(frame);

    expect(await wanted).toBe(7);
    expect(client.take()).toEqual([9]);
  });

  test("passes over what was taken", async () => {
    const { client } = createClient();
    client.receive("7");
    client.take();

    const wanted = client.next((message) => message === 7);
    client.receive("7");

    expect(await wanted).toBe(7);
    expect(client.messages).toEqual([7, 7]);
  });

  test("rejects when the limit has passed, and names what came", async () => {
    const { client } = createClient();
    client.receive("1");

    await expect(client.next((message) => message === 7, { limitMs: 1 })).rejects.toThrow(
      "the message did not come within 1 ms; came: [1]",
    );
  });

  test("rejects at once when the link is gone", async () => {
    const { client } = createClient();

    const wanted = client.next();
    client.end(1012, "drained");

    await expect(wanted).rejects.toThrow("the message did not come before the close with 1012; came: []");
  });
});

test("what is sent goes to the link as it is, or as JSON", () => {
  const { client, sent } = createClient();

  client.send("text");
  client.send(Uint8Array.of(1));
  client.sendJson([null, "1"]);
  client.close(1001, "bye");

  expect(sent).toEqual(["text", Uint8Array.of(1), '[null,"1"]', [1001, "bye"]]);
});

test("closed resolves with the first close", async () => {
  const { client } = createClient();
  const before = client.closedWith;

  client.end(1012, "drained");
  client.end(1006, "");

  expect(before).toBeUndefined();
  expect(await client.closed).toEqual({ code: 1012, reason: "drained" });
  expect(client.closedWith).toEqual({ code: 1012, reason: "drained" });
});
