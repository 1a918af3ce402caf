import { type TestEngine, testEngines } from "@hutong/database/testing";
import { eventually } from "@hutong/testing";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type MessageBench, openMessageBench, refusal } from "../support/message-bench.ts";

describe.each(testEngines())("search on $name", (engine: TestEngine) => {
  async function open(): Promise<{ bench: MessageBench; id: string }> {
    const bench = await openMessageBench(engine);
    return { bench, id: await bench.group(await bench.user("ada"), await bench.user("bo")) };
  }

  async function found(bench: MessageBench, userId: string, query: string, more: object = {}): Promise<string[]> {
    const { messages } = await bench.call(userId, "search_messages", { query, ...more });
    return messages.map((message) => (message.type === "text" ? message.body.text : message.type));
  }

  test.each([
    ["火锅", ["一起吃火锅吧"]],
    ["竞拍", ["今晚竞拍"]],
    ["胡同口", ["在胡同口见", "Hello 胡同口 Beijing"]],
    ["一起吃火锅", ["一起吃火锅吧"]],
    ["BEIJING", ["Hello 胡同口 Beijing"]],
    ["火", ["一起吃火锅吧"]],
    ["锅", ["一起吃火锅吧"]],
    ["hello 胡同", ["Hello 胡同口 Beijing"]],
    ["胡同 火锅", []],
    ["锅火", []],
    ["吃竞", []],
  ])("%s finds %j, the latest first", async (query, texts) => {
    const { bench, id } = await open();
    await using _ = bench;
    for (const text of ["Hello 胡同口 Beijing", "一起吃火锅吧", "今晚竞拍", "在胡同口见", "吃,竞"])
      await bench.say("ada", id, text);

    expect(await found(bench, "bo", query)).toEqual(texts);
  });

  test("does not read a query as an expression", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    await bench.say("ada", id, "plain words");

    for (const query of ['"', "'", "plain OR nothing", "plain | nothing", "NEAR(plain words)", ":", "\\"])
      expect(await found(bench, "bo", query)).toEqual([]);
    for (const query of ["wor*ds words*", "plain & !words", '"plain'])
      expect(await found(bench, "bo", query)).toEqual(query.startsWith("wor*") ? [] : ["plain words"]);
  });

  test("finds captions, names of files and places", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    const send = (content: object) =>
      bench.call("ada", "send_message", { conversationId: id, clientMessageId: crypto.randomUUID(), content });
    await send({ type: "image", body: { fileId: "ada-1", width: 1, height: 1, caption: "晚霞很美" } });
    await send({ type: "file", body: { fileId: "ada-2", name: "晚霞.pdf", size: 1 } });
    await send({ type: "location", body: { latitude: 1, longitude: 1, title: "晚霞公园", address: "" } });

    expect(await found(bench, "bo", "晚霞")).toEqual(["location", "file", "image"]);
  });

  test("a recalled message is not found, by its pairs or its characters", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    const seq = await bench.say("ada", id, "一起吃火锅吧");
    expect(await found(bench, "ada", "火锅")).toHaveLength(1);
    const notYetIndexed = await bench.say("ada", id, "不吃火锅");
    await bench.call("ada", "recall_message", { conversationId: id, seq: notYetIndexed });
    await bench.call("ada", "recall_message", { conversationId: id, seq });

    expect(await found(bench, "ada", "火锅")).toEqual([]);
    expect(await found(bench, "bo", "吃")).toEqual([]);
  });

  test("an edited message is found by its new text only, in its old place", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    const seq = await bench.say("ada", id, "一起吃火锅吧");
    await bench.say("ada", id, "烤鸭");
    expect(await found(bench, "bo", "火锅")).toHaveLength(1);
    await bench.call("ada", "edit_message", { conversationId: id, seq, text: "还是烤鸭" });

    expect(await found(bench, "bo", "火锅")).toEqual([]);
    expect(await found(bench, "bo", "烤鸭")).toEqual(["烤鸭", "还是烤鸭"]);
  });

  test("messages that change while they are indexed are found as they are", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    const seqs = await Promise.all(Array.from({ length: 40 }, () => bench.say("ada", id, "before")));

    await Promise.all(
      seqs.flatMap((seq) => [
        bench.call("bo", "search_messages", { query: "before" }),
        seq % 2 === 0
          ? bench.call("ada", "recall_message", { conversationId: id, seq })
          : bench.call("ada", "edit_message", { conversationId: id, seq, text: "after" }),
      ]),
    );

    expect(await found(bench, "bo", "before")).toEqual([]);
    expect(await found(bench, "bo", "after")).toHaveLength(20);
  });

  test("indexes by itself soon after, so that a search has nothing left to do", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    for (let count = 0; count < 3; count++) await bench.say("ada", id, "火锅");

    await bench.clock.advance(500);

    await eventually(async () => {
      const { rows } = await sql`select * from unindexed_messages`.execute(bench.database.read);
      expect(rows).toEqual([]);
    });
    expect(bench.failures).toEqual([]);
  });

  test("gives only what the searcher can see", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    const eve = await bench.user("eve");
    const other = await bench.group("ada", eve);
    const [hidden, cleared] = [await bench.say("ada", id, "火锅 1"), await bench.say("ada", id, "火锅 2")];
    await bench.say("ada", id, "火锅 3");
    await bench.say("ada", other, "火锅 elsewhere");
    await bench.call("bo", "delete_messages", { conversationId: id, seqs: [cleared] });
    const member = (change: object) =>
      bench.database.write((transaction) =>
        transaction.updateTable("members").set(change).where("user_id", "=", "bo").execute(),
      );

    expect(await found(bench, eve, "火锅")).toEqual(["火锅 elsewhere"]);
    expect(await found(bench, eve, "火锅", { conversationId: id })).toEqual([]);
    expect(await found(bench, "bo", "火锅")).toEqual(["火锅 3", "火锅 1"]);
    await member({ min_seq: hidden });
    expect(await found(bench, "bo", "火锅")).toEqual(["火锅 3"]);
    await member({ left_at: 1, max_seq: cleared });
    expect(await found(bench, "bo", "火锅")).toEqual([]);
  });

  test("pages by the id of a message, and does not say where a message is that the searcher cannot see", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    for (let place = 1; place <= 5; place++) await bench.say("ada", id, `火锅 ${place}`);
    await bench.user("eve");

    const first = await bench.call("bo", "search_messages", { query: "火锅", limit: 2 });
    const before = first.messages.at(-1)?.id;
    const second = await bench.call("bo", "search_messages", { query: "火锅", limit: 3, before });

    expect([first.more, second.more]).toEqual([true, false]);
    expect(first.users.map(({ nickname }) => nickname)).toEqual(["ADA"]);
    expect(second.messages.map(({ seq }) => seq)).toEqual([3, 2, 1]);
    expect(await found(bench, "eve", "火锅", { before })).toEqual([]);
  });

  test("searches many conversations as it searches few", async () => {
    const { bench } = await open();
    await using _ = bench;
    for (let place = 0; place < 70; place++) {
      const id = await bench.group("ada", "bo");
      await bench.store.send({
        conversationId: id,
        sender: { id: "ada", kind: "user", name: null },
        clientMessageId: `message-${place}`,
        content: { type: "text", body: { text: `火锅 ${place}` } },
        ...{ replyTo: 0, mentions: [], mentionsAll: false, forwarded: false },
      });
    }

    expect(await found(bench, "bo", "火锅", { limit: 3 })).toEqual(["火锅 69", "火锅 68", "火锅 67"]);
  });

  test("an empty query is a bad request", async () => {
    const { bench } = await open();
    await using _ = bench;
    expect(await refusal(bench.call("bo", "search_messages", { query: " " }))).toBe("bad_request");
  });
});
