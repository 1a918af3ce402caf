import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { appendNotice } from "../../src/messages/append-notice.ts";
import { type MessageBench, openMessageBench, refusal } from "./support/message-bench.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Members come in no order. */
function isEveryone(topics: readonly string[]): boolean {
  return topics.toSorted().join() === "inbox:ada,inbox:bo,inbox:cy";
}

describe.each(testEngines())("messages on $name", (engine) => {
  /** A group of Ada, who owns it, Bo and Cy. */
  async function open(): Promise<{ bench: MessageBench; id: string }> {
    const bench = await openMessageBench(engine);
    for (const name of ["ada", "bo", "cy"]) await bench.user(name);
    return { bench, id: await bench.group("ada", "bo", "cy") };
  }

  const input = (conversationId: string, more: object = {}) => ({
    conversationId,
    clientMessageId: crypto.randomUUID(),
    content: { type: "text", body: { text: "hello" } },
    ...more,
  });

  async function memberOf(bench: MessageBench, conversationId: string, userId: string) {
    return bench.database.read
      .selectFrom("members")
      .selectAll()
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
  }

  async function change(bench: MessageBench, userId: string, values: object): Promise<void> {
    await bench.database.write((transaction) =>
      transaction.updateTable("members").set(values).where("user_id", "=", userId).execute(),
    );
  }

  describe("sending", () => {
    test("gives the message its place, by the server's clock", async () => {
      const { bench, id } = await open();
      await using _ = bench;

      const { message, duplicate } = await bench.call("bo", "send_message", input(id, { clientMessageId: "bo-first" }));

      expect(duplicate).toBe(false);
      expect(message).toEqual({
        conversationId: id,
        seq: 1,
        id: expect.any(String),
        senderId: "bo",
        clientMessageId: "bo-first",
        type: "text",
        body: { text: "hello" },
        replyTo: 0,
        mentions: [],
        mentionsAll: false,
        forwarded: false,
        version: 1,
        editedAt: 0,
        createdAt: bench.clock.now(),
        reactions: [],
      });
    });

    test("tells the others without the sender's id for it, and all of the sender's devices with it", async () => {
      const { bench, id } = await open();
      await using _ = bench;

      await bench.call("bo", "send_message", input(id, { clientMessageId: "bo-first" }));

      const heard = bench.news.map((item) =>
        item.event === "message"
          ? [[...item.topics].sort(), item.payload.message.clientMessageId, item.payload.users.map((user) => user.id)]
          : item.event,
      );
      expect(heard).toEqual([
        [["inbox:ada", "inbox:cy"], undefined, ["bo"]],
        [["inbox:bo"], "bo-first", ["bo"]],
      ]);
    });

    test("a retry is a duplicate that nobody hears of again, and shows the message as it is now", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      const draft = input(id);
      await bench.call("bo", "send_message", draft);
      await bench.call("ada", "react", { conversationId: id, seq: 1, emoji: "👍", on: true });
      const heard = bench.news.length;

      const { message, duplicate } = await bench.call("bo", "send_message", draft);

      expect(duplicate).toBe(true);
      expect(message.reactions).toEqual([{ emoji: "👍", count: 1, userIds: ["ada"] }]);
      expect(bench.news).toHaveLength(heard);
    });

    test("moves the sender's marks, counts for the others and brings the conversation back to them", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await change(bench, "cy", { hidden: 1 });
      await bench.say("ada", id, "one");
      await bench.say("bo", id, "two");

      expect(await memberOf(bench, id, "bo")).toMatchObject({ read_seq: 2, read_counted: 2, received_seq: 2 });
      expect(await memberOf(bench, id, "cy")).toMatchObject({ read_seq: 0, read_counted: 0, hidden: 0 });
      // The message itself tells the others that its sender has read what stands above.
      expect(bench.news.filter(({ event }) => event === "marks")).toEqual([]);
    });

    test("holds an edit to the length of a message", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("ada", id, "one");

      const text = `x${"\u0001".repeat(3_999)}`;
      expect(await refusal(bench.call("ada", "edit_message", { conversationId: id, seq: 1, text }))).toBe("too_large");
    });

    test("mentions members only, and everyone only by the owner and admins", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.user("eve");

      const { message } = await bench.call("bo", "send_message", input(id, { mentions: ["cy", "eve", "cy"] }));
      expect(message.mentions).toEqual(["cy"]);
      expect(await bench.database.read.selectFrom("mentions").selectAll().execute()).toEqual([
        { user_id: "cy", conversation_id: id, seq: 1 },
      ]);
      expect(await refusal(bench.call("bo", "send_message", input(id, { mentionsAll: true })))).toBe("forbidden");
      await bench.call("ada", "send_message", input(id, { mentionsAll: true }));
      const { mention_all_seq: seq } = await bench.database.read
        .selectFrom("conversations")
        .selectAll()
        .executeTakeFirstOrThrow();
      expect(seq).toBe(2);
    });

    test("answers only what the sender can see", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("ada", id, "one");

      const { message } = await bench.call("bo", "send_message", input(id, { replyTo: 1 }));
      expect(message.replyTo).toBe(1);
      expect(await refusal(bench.call("bo", "send_message", input(id, { replyTo: 3 })))).toBe("not_found");
      await change(bench, "cy", { min_seq: 1 });
      expect(await refusal(bench.call("cy", "send_message", input(id, { replyTo: 1 })))).toBe("not_found");
    });

    test("refuses bodies above 12 KiB, counted in bytes", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      const custom = (data: string) => ({ content: { type: "custom", body: { kind: "x", data } } });

      await bench.call("bo", "send_message", input(id, custom("字".repeat(4_000))));
      expect(await refusal(bench.call("bo", "send_message", input(id, custom("字".repeat(4_100)))))).toBe("too_large");
    });

    test("ties files, and refuses those of others without a trace", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      const image = (fileId: string) => ({ content: { type: "image", body: { fileId, width: 1, height: 1 } } });

      const outcomes = await Promise.allSettled([
        bench.call("bo", "send_message", input(id, image("cy-file"))),
        bench.call("bo", "send_message", input(id, image("bo-file"))),
      ]);

      expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
      expect([...bench.files.references]).toEqual([[`${id}:1`, ["bo-file"]]]);
    });

    test("is held to the policy", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      const direct = await bench.direct("ada", "bo");
      await bench.database.write((transaction) =>
        transaction.insertInto("blocks").values({ user_id: "bo", blocked_id: "ada", created_at: 1 }).execute(),
      );
      await change(bench, "cy", { muted_until: Number.MAX_SAFE_INTEGER });
      await bench.user("eve");

      expect(await refusal(bench.call("ada", "send_message", input(direct)))).toBe("blocked");
      expect(await refusal(bench.call("cy", "send_message", input(id)))).toBe("muted");
      expect(await refusal(bench.call("eve", "send_message", input(id)))).toBe("not_found");
    });

    test("slow mode sees the message that was sent in the same commit", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.database.write((transaction) =>
        transaction.updateTable("conversations").set({ slow_mode_ms: 10_000 }).execute(),
      );

      const outcomes = await Promise.allSettled([bench.say("bo", id, "one"), bench.say("bo", id, "two")]);

      expect(outcomes).toMatchObject([{ status: "fulfilled", value: 1 }, { reason: { code: "slow_mode" } }]);
    });
  });

  describe("pulling", () => {
    async function filled() {
      const { bench, id } = await open();
      for (let seq = 1; seq <= 9; seq++) await bench.say("ada", id, `m${seq}`);
      return { bench, id };
    }

    test.each<[string, object, number[], boolean]>([
      ["the newest", { limit: 3 }, [7, 8, 9], true],
      ["all", {}, [1, 2, 3, 4, 5, 6, 7, 8, 9], false],
      ["before one", { before: 4, limit: 2 }, [2, 3], true],
      ["after one", { after: 7, limit: 5 }, [8, 9], false],
      ["around one", { around: 5, limit: 4 }, [4, 5, 6, 7], true],
      ["around the first", { around: 1, limit: 4 }, [1, 2, 3, 4], true],
    ])("%s", async (_name, range, seqs, more) => {
      const { bench, id } = await filled();
      await using _ = bench;

      const page = await bench.call("bo", "pull_messages", { conversationId: id, ...range });

      expect(page.messages.map(({ seq }) => seq)).toEqual(seqs);
      expect([page.more, page.lastSeq, page.changeSeq]).toEqual([more, 9, 0]);
      expect(page.users.map(({ id: userId }) => userId)).toEqual(["ada"]);
    });

    test("keeps to what the member may see", async () => {
      const { bench, id } = await filled();
      await using _ = bench;
      await bench.call("bo", "delete_messages", { conversationId: id, seqs: [5] });
      await change(bench, "bo", { min_seq: 3, left_at: 1, max_seq: 7 });

      const page = await bench.call("bo", "pull_messages", { conversationId: id });

      expect(page.messages.map(({ seq }) => seq)).toEqual([4, 6, 7]);
      expect(page.lastSeq).toBe(7);
    });

    test("is refused to whoever never was in it, as if there were nothing", async () => {
      const { bench, id } = await filled();
      await using _ = bench;
      await bench.user("eve");

      for (const [name, more] of [
        ["pull_messages", {}],
        ["pull_changes", { after: 0 }],
        ["list_readers", { seq: 1 }],
        ["delete_messages", { seqs: [1] }],
        ["edit_message", { seq: 1, text: "x" }],
        ["recall_message", { seq: 1 }],
        ["react", { seq: 1, emoji: "👍", on: true }],
        ["forward_messages", { seqs: [1], to: [id], clientMessageId: "eve-forward" }],
      ] as const)
        expect(await refusal(bench.call("eve", name, { conversationId: id, ...more }))).toBe("not_found");
    });

    test("takes one direction at a time", async () => {
      const { bench, id } = await filled();
      await using _ = bench;
      expect(await refusal(bench.call("bo", "pull_messages", { conversationId: id, before: 4, after: 1 }))).toBe(
        "bad_request",
      );
    });
  });

  describe("recalling", () => {
    test.each<[number, string]>([
      [119 * SECOND, "ok"],
      [121 * SECOND, "ok"],
      [123 * SECOND + 1, "recall_expired"],
    ])("after %i ms the sender hears %s", async (ms, outcome) => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "secret");
      await bench.clock.advance(ms);

      const call = bench.call("bo", "recall_message", { conversationId: id, seq: 1 });

      if (outcome === "ok") expect((await call).message).toMatchObject({ type: "recalled", body: { actorId: "bo" } });
      else expect(await refusal(call)).toBe(outcome);
    });

    test("is refused to other members and allowed to the group's owner at any time", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "secret");
      await bench.clock.advance(30 * DAY);

      expect(await refusal(bench.call("cy", "recall_message", { conversationId: id, seq: 1 }))).toBe("forbidden");
      const { message } = await bench.call("ada", "recall_message", { conversationId: id, seq: 1 });
      expect(message).toMatchObject({ type: "recalled", body: { actorId: "ada" }, version: 2 });
    });

    test("takes the content, its reactions, mentions and files away", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      const content = { type: "image", body: { fileId: "bo-file", width: 1, height: 1, caption: "secret" } };
      await bench.call("bo", "send_message", input(id, { content, mentions: ["cy"] }));
      await bench.call("cy", "react", { conversationId: id, seq: 1, emoji: "👍", on: true });

      const { message } = await bench.call("bo", "recall_message", { conversationId: id, seq: 1 });

      expect(message).toMatchObject({ type: "recalled", mentions: [], reactions: [] });
      const [row] = await bench.rows(id);
      expect(JSON.stringify(row)).not.toMatch(/secret|bo-file|cy/);
      for (const table of ["reactions", "mentions"] as const)
        expect(await bench.database.read.selectFrom(table).selectAll().execute()).toEqual([]);
      expect([...bench.files.references]).toEqual([]);
    });

    test("twice is the same as once", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "secret");
      const recall = () => bench.call("bo", "recall_message", { conversationId: id, seq: 1 });

      const [first, second] = await Promise.all([recall(), recall()]);

      expect(second).toEqual(first);
      expect(bench.news.filter(({ event }) => event === "change")).toHaveLength(1);
    });

    test("a notice stays", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      const body = { kind: "members_joined" as const, actorId: "ada", userIds: ["cy"] };
      const news = await bench.database.write((transaction) =>
        appendNotice(transaction, { conversationId: id, body, at: bench.clock.now() }),
      );

      expect(news).toMatchObject([
        {
          topics: expect.toSatisfy(isEveryone),
          event: "message",
          payload: {
            message: { type: "notice", seq: 1, senderId: "system", body },
            users: [{ id: "ada" }, { id: "cy" }],
          },
        },
      ]);
      expect((await bench.rows(id))[0]).toMatchObject({ seq: 1, counted: 0 });
      expect(await bench.say("bo", id, "counts")).toBe(2);
      expect((await bench.rows(id))[1]).toMatchObject({ seq: 2, counted: 1 });
      expect(await refusal(bench.call("ada", "recall_message", { conversationId: id, seq: 1 }))).toBe("forbidden");
    });
  });

  describe("editing", () => {
    test("replaces the text and tells everyone the whole message", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "helo");

      const { message } = await bench.call("bo", "edit_message", { conversationId: id, seq: 1, text: "hello" });

      const now = bench.clock.now();
      expect(message).toMatchObject({ body: { text: "hello" }, version: 2, editedAt: now });
      const told = bench.news.at(-1);
      expect(told).toMatchObject({
        topics: expect.toSatisfy(isEveryone),
        event: "change",
        payload: { change: { changeSeq: 1, kind: "edit", actorId: "bo", message: { body: { text: "hello" } } } },
      });
      expect(JSON.stringify(told)).not.toContain("clientMessageId");
    });

    test("is for the sender's own texts, for 15 minutes", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "helo");
      const place = { name: "x", latitude: 1, longitude: 1, title: "t", address: "" };
      await bench.call("bo", "send_message", input(id, { content: { type: "location", body: place } }));
      const edit = (userId: string, seq: number, text = "x") =>
        bench.call(userId, "edit_message", { conversationId: id, seq, text });

      expect(await refusal(edit("ada", 1))).toBe("forbidden");
      expect(await refusal(edit("bo", 2))).toBe("bad_request");
      await bench.clock.advance(15 * MINUTE);
      await edit("bo", 1, "hello");
      await bench.clock.advance(1);
      expect(await refusal(edit("bo", 1, "hello!"))).toBe("edit_expired");
      expect((await edit("bo", 1, "hello")).message.version).toBe(2);
    });

    test("is refused to whoever may not send", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "helo");
      await change(bench, "bo", { muted_until: Number.MAX_SAFE_INTEGER });

      expect(await refusal(bench.call("bo", "edit_message", { conversationId: id, seq: 1, text: "x" }))).toBe("muted");
      expect(await refusal(bench.call("bo", "react", { conversationId: id, seq: 1, emoji: "x", on: true }))).toBe(
        "muted",
      );
    });
  });

  describe("reactions", () => {
    test("are counted by emoji, with who gave them", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "hello");
      const react = (userId: string, emoji: string, on = true) =>
        bench.call(userId, "react", { conversationId: id, seq: 1, emoji, on });

      await react("ada", "👍");
      await bench.clock.advance(1);
      await react("cy", "👍");
      await bench.clock.advance(1);
      await react("cy", "🎉");
      await react("cy", "🎉");
      const { message } = await react("ada", "👍", false);

      expect(message.reactions).toEqual([
        { emoji: "👍", count: 1, userIds: ["cy"] },
        { emoji: "🎉", count: 1, userIds: ["cy"] },
      ]);
      expect(message.version).toBe(1);
      const seqs = bench.news.flatMap((item) => (item.event === "change" ? [item.payload.change.changeSeq] : []));
      expect(seqs).toEqual([1, 2, 3, 4]);
    });

    test("are of at most 20 kinds", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "hello");
      const react = (userId: string, emoji: string) =>
        bench.call(userId, "react", { conversationId: id, seq: 1, emoji, on: true });
      for (let kind = 0; kind < 20; kind++) await react("ada", `e${kind}`);

      expect(await refusal(react("bo", "e20"))).toBe("limit_reached");
      expect((await react("bo", "e19")).message.reactions).toHaveLength(20);
    });

    test("of many at the same time are all counted, and told in order", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "hello");

      await Promise.all(
        Array.from({ length: 15 }, (_, place) =>
          bench.call("cy", "react", { conversationId: id, seq: 1, emoji: `e${place}`, on: true }),
        ),
      );

      const told = bench.news.flatMap((item) => (item.event === "change" ? [item.payload.change] : []));
      expect(told.map(({ changeSeq }) => changeSeq)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));
      expect(told.map(({ message }) => message.reactions.length)).toEqual(
        Array.from({ length: 15 }, (_, at) => at + 1),
      );
    });
  });

  describe("changes", () => {
    test("are pulled in order, each with the message as it is now", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "one");
      await bench.say("bo", id, "two");
      await bench.call("cy", "react", { conversationId: id, seq: 1, emoji: "👍", on: true });
      await bench.call("bo", "edit_message", { conversationId: id, seq: 2, text: "three" });
      await bench.call("bo", "recall_message", { conversationId: id, seq: 1 });

      const pulled = await bench.call("ada", "pull_changes", { conversationId: id, after: 1 });

      expect(pulled).toMatchObject({ changeSeq: 3, reload: false });
      expect(pulled.changes.map(({ changeSeq, kind, message }) => [changeSeq, kind, message.type])).toEqual([
        [2, "edit", "text"],
        [3, "recall", "recalled"],
      ]);
      expect(pulled.users.map(({ id: userId }) => userId).sort()).toEqual(["bo"]);
    });

    test("of messages that the member cannot see are left out", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("bo", id, "one");
      await bench.call("bo", "edit_message", { conversationId: id, seq: 1, text: "secret" });
      await change(bench, "cy", { min_seq: 1 });

      expect((await bench.call("cy", "pull_changes", { conversationId: id, after: 0 })).changes).toEqual([]);
    });

    test("that are too many make the client load anew", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.database.write((transaction) =>
        transaction.updateTable("conversations").set({ change_seq: 501 }).execute(),
      );

      expect(await bench.call("bo", "pull_changes", { conversationId: id, after: 0 })).toEqual({
        changes: [],
        users: [],
        changeSeq: 501,
        reload: true,
      });
      expect((await bench.call("bo", "pull_changes", { conversationId: id, after: 1 })).reload).toBe(false);
    });
  });

  test("deleting hides messages from the caller only, and its devices hear of it", async () => {
    const { bench, id } = await open();
    await using _ = bench;
    await bench.call("ada", "send_message", input(id, { mentions: ["bo"] }));
    await bench.say("ada", id, "two");

    await bench.call("bo", "delete_messages", { conversationId: id, seqs: [1, 7] });
    await bench.call("bo", "delete_messages", { conversationId: id, seqs: [1] });

    const seqsOf = async (userId: string) =>
      (await bench.call(userId, "pull_messages", { conversationId: id })).messages.map(({ seq }) => seq);
    expect([await seqsOf("bo"), await seqsOf("cy")]).toEqual([[2], [1, 2]]);
    expect(bench.news.filter(({ event }) => event === "user_event")).toEqual([
      {
        topics: ["inbox:bo"],
        event: "user_event",
        payload: { userSeq: 1, event: { kind: "messages_deleted", conversationId: id, seqs: [1] } },
      },
    ]);
    expect(await bench.database.read.selectFrom("mentions").selectAll().execute()).toEqual([]);
  });

  describe("forwarding", () => {
    test("sends copies under the rules of sending, once however often it is tried", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.user("eve");
      const [open1, shut] = [await bench.direct("bo", "cy"), await bench.direct("bo", "eve")];
      await bench.database.write((transaction) =>
        transaction.insertInto("blocks").values({ user_id: "eve", blocked_id: "bo", created_at: 1 }).execute(),
      );
      await bench.say("ada", id, "one");
      await bench.say("cy", id, "two");
      const wish = { conversationId: id, seqs: [2, 1], to: [open1, shut, "nowhere"], clientMessageId: "bo-forward" };

      const first = await bench.call("bo", "forward_messages", wish);
      const again = await bench.call("bo", "forward_messages", wish);

      expect(first.messages.map(({ senderId, forwarded, body, seq }) => [senderId, forwarded, body, seq])).toEqual([
        ["bo", true, { text: "one" }, 1],
        ["bo", true, { text: "two" }, 2],
      ]);
      expect(first.refused.toSorted((one, other) => one.code.localeCompare(other.code))).toEqual([
        { conversationId: shut, code: "blocked" },
        { conversationId: "nowhere", code: "not_found" },
      ]);
      expect(again.messages).toEqual(first.messages);
      expect(await bench.rows(open1)).toHaveLength(2);
    });

    test("is refused for what lost its content or was deleted", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("ada", id, "one");
      await bench.say("ada", id, "two");
      await bench.call("ada", "recall_message", { conversationId: id, seq: 1 });
      await bench.call("bo", "delete_messages", { conversationId: id, seqs: [2] });
      const forward = (seq: number) =>
        bench.call("bo", "forward_messages", {
          conversationId: id,
          seqs: [seq],
          to: [id],
          clientMessageId: "forward-1",
        });

      expect([await refusal(forward(1)), await refusal(forward(2))]).toEqual(["conflict", "not_found"]);
    });
  });

  describe("readers", () => {
    test("are listed to the sender for three days, then counted", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("ada", id, "one");
      await bench.say("cy", id, "two");
      const readers = (userId: string) => bench.call(userId, "list_readers", { conversationId: id, seq: 1 });

      expect(await readers("ada")).toMatchObject({ users: [{ id: "cy" }], readCount: 1, memberCount: 2 });
      expect(await refusal(readers("bo"))).toBe("forbidden");
      await bench.clock.advance(3 * DAY + 1);
      expect(await readers("ada")).toEqual({ users: [], readCount: 1, memberCount: 2 });
    });

    test("are those who were there when it was said", async () => {
      const { bench, id } = await open();
      await using _ = bench;
      await bench.say("ada", id, "one");
      await change(bench, "cy", { read_seq: 1, joined_at: bench.clock.now() + 1 });

      expect(await bench.call("ada", "list_readers", { conversationId: id, seq: 1 })).toEqual({
        users: [],
        readCount: 0,
        memberCount: 1,
      });
    });
  });
});
