import { createSignedStreams, pubsubChannel } from "@hutong/server";
import { eventually, type PhoenixClient } from "@hutong/testing";
import { expect, test } from "vitest";
import { type Bench, startBench } from "../support.ts";

/** Joins, and gives the payload of the reply. Signatures are checked in real time, everything else in that of the clock. */
async function join(bench: Bench, client: PhoenixClient, topic: string, params?: object): Promise<unknown> {
  client.join(topic, params);
  return eventually(async () => {
    await bench.clock.settle();
    return client.take().find(([, , , event]) => event === "phx_reply")?.[4] ?? false;
  });
}

test("a pattern that is none is a mistake of the program", () => {
  expect(() => pubsubChannel({ allowPublic: ["a*b"] })).toThrow('"a*b" is no topic pattern');
});

test("without options nobody is let in, by no grammar", async () => {
  await using bench = await startBench([pubsubChannel()]);
  const client = bench.connect();

  const replies = [await join(bench, client, "chat"), await join(bench, client, "chat", { stream_name: "chat" })];

  expect(replies).toMatchObject([
    { status: "error", response: { reason: "unauthorized" } },
    { status: "error", response: { reason: "unauthorized" } },
  ]);
});

test("a Phoenix client joins the topic that is signed for it, and no other", async () => {
  const streams = createSignedStreams({ secret: "s3cr3t" });
  await using bench = await startBench([pubsubChannel({ verify: streams.verify })]);
  const client = bench.connect();
  const params = { signed_stream_name: await streams.sign("chat") };

  expect(await join(bench, client, "chat", params)).toMatchObject({ status: "ok" });
  expect(await join(bench, client, "room", params)).toMatchObject({ status: "error" });
});

test("a public topic is joined by its own name", async () => {
  await using bench = await startBench([pubsubChannel({ allowPublic: ["news:*"] })]);
  const client = bench.connect();

  expect(await join(bench, client, "news:1", { stream_name: "news:1" })).toMatchObject({ status: "ok" });
  expect(await join(bench, client, "news:2", { stream_name: "news:1" })).toMatchObject({ status: "error" });
});
