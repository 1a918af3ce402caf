import { describe, expect, test } from "vitest";
import type { MessageDraft, MessageStore, SentMessage } from "../../src/messages/message-store.ts";
import { type MessageBench, refusal, textDraft } from "./support/message-bench.ts";

/** Stores over one database, as several processes have them. */
const STORES = 3;
const WRITERS = 12;
const SENDS = 50;

/** What every `MessageStore` promises, whatever it stands on. */
export function messageStoreConformance(name: string, open: () => Promise<MessageBench>): void {
  describe(`${name} is a MessageStore`, () => {
    test("numbers the messages of a conversation from 1 without gaps, in the order of the calls", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"));

      const sent = await Promise.all(
        Array.from({ length: 100 }, (_, place) => bench.store.send(textDraft(id, "ada", { text: `m${place + 1}` }))),
      );

      expect(sent.map(({ row }) => row.seq)).toEqual(Array.from({ length: 100 }, (_, place) => place + 1));
      expect((await bench.rows(id)).map(({ seq, body }) => body === `{"text":"m${seq}"}`)).not.toContain(false);
    });

    test("has committed what it acknowledges", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"));

      const { row } = await bench.store.send(textDraft(id, "ada"));

      expect(await bench.rows(id)).toEqual([row]);
    });

    test("numbers many conversations at the same time, from stores that take them in opposite orders", async () => {
      await using bench = await open();
      await bench.user("ada");
      const ids = await Promise.all(Array.from({ length: 8 }, () => bench.group("ada")));
      const other = await bench.anotherStore();

      const sent = await Promise.all(
        Array.from({ length: 10 }, () => [
          ...ids.map((id) => bench.store.send(textDraft(id, "ada"))),
          ...ids.toReversed().map((id) => other.send(textDraft(id, "ada"))),
        ]).flat(),
      );

      expect(sent).toHaveLength(160);
      for (const id of ids) {
        const seqs = (await bench.rows(id)).map(({ seq }) => seq);
        expect(seqs).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
      }
    });

    test("keeps a refusal in one conversation from the others of the same commit", async () => {
      await using bench = await open();
      const own = await bench.group(await bench.user("ada"));
      const foreign = await bench.group(await bench.user("ben"));

      const outcomes = await Promise.allSettled(
        [own, foreign, "nowhere", own].map((id) => bench.store.send(textDraft(id, "ada"))),
      );

      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
      expect((await bench.rows(own)).map(({ seq }) => seq)).toEqual([1, 2]);
      expect(await bench.rows(foreign)).toEqual([]);
    });

    test("counts a stranger's messages of the same commit, and an answer among them opens the way", async () => {
      await using bench = await open();
      const id = await bench.direct(await bench.user("ada"), await bench.user("ben"));
      const settings = { strangers: { visitor: 1, user: 1 }, addMe: "anyone", showPresence: true };
      await bench.database.write((transaction) =>
        transaction
          .updateTable("users")
          .set({ settings: JSON.stringify(settings) })
          .execute(),
      );

      const outcomes = await Promise.allSettled(
        ["ada", "ada", "ben", "ada"].map((senderId) => bench.store.send(textDraft(id, senderId))),
      );

      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    });

    test("answers every further call with the stored message, in every process", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"));
      const draft = textDraft(id, "ada");

      const first = await bench.store.send(draft);
      const again = await bench.store.send(draft);
      const elsewhere = await (await bench.anotherStore()).send(draft);

      expect([first.isDuplicate, again.isDuplicate, elsewhere.isDuplicate]).toEqual([false, true, true]);
      expect([again.row, elsewhere.row]).toEqual([first.row, first.row]);
      expect(await bench.rows(id)).toHaveLength(1);
    });

    test("answers a retry although the sender may no longer send", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"));
      const draft = textDraft(id, "ada");
      const first = await bench.store.send(draft);
      await bench.database.write((transaction) =>
        transaction.updateTable("conversations").set({ state: "dismissed" }).execute(),
      );

      expect(await bench.store.send(draft)).toEqual({ row: first.row, isDuplicate: true });
      expect(await refusal(bench.store.send(textDraft(id, "ada")))).toBe("conversation_closed");
    });

    test("refuses another message under a client message id that was used", async () => {
      await using bench = await open();
      const [id, other] = [await bench.group(await bench.user("ada")), await bench.group("ada")];
      const draft = textDraft(id, "ada", { text: "one" });
      await bench.store.send(draft);

      const changed: MessageDraft[] = [
        { ...draft, content: { type: "text", body: { text: "two" } } },
        { ...draft, replyTo: 1 },
        { ...draft, conversationId: other },
      ];
      for (const wrong of changed) expect(await refusal(bench.store.send(wrong))).toBe("client_message_id_conflict");
      expect(await bench.rows(id)).toHaveLength(1);
      expect(await bench.rows(other)).toHaveLength(0);
    });

    test("keeps the client message ids of two senders apart", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"), await bench.user("bo"));

      await bench.store.send(textDraft(id, "ada", { id: "same-id-1" }));
      const { row, isDuplicate } = await bench.store.send(textDraft(id, "bo", { id: "same-id-1" }));

      expect([row.seq, isDuplicate]).toEqual([2, false]);
    });

    test("keeps client message ids apart that differ in case only", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"));

      await bench.store.send(textDraft(id, "ada", { id: "abcdefgh" }));
      const { row } = await bench.store.send(textDraft(id, "ada", { id: "ABCDEFGH" }));

      expect(row.seq).toBe(2);
    });

    test("keeps a refused message from the others that are sent with it", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"), await bench.user("bo"));
      await bench.user("eve");

      const outcomes = await Promise.allSettled([
        bench.store.send(textDraft(id, "ada", { text: "one" })),
        bench.store.send(textDraft(id, "eve", { text: "never was in it" })),
        bench.store.send({ ...textDraft(id, "bo"), mentionsAll: true }),
        bench.store.send(textDraft("nowhere", "ada")),
        bench.store.send(textDraft(id, "bo", { text: "two" })),
      ]);

      const codes = outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.code : "stored"));
      expect(codes).toEqual(["stored", "not_found", "forbidden", "not_found", "stored"]);
      expect((await bench.rows(id)).map(({ seq, body }) => [seq, body])).toEqual([
        [1, '{"text":"one"}'],
        [2, '{"text":"two"}'],
      ]);
    });

    test("takes a refused client message id when the refusal is over", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"), await bench.user("bo"));
      const muted = (until: number) =>
        bench.database.write((transaction) =>
          transaction.updateTable("members").set({ muted_until: until }).where("user_id", "=", "bo").execute(),
        );
      const draft = textDraft(id, "bo");
      await muted(Number.MAX_SAFE_INTEGER);
      expect(await refusal(bench.store.send(draft))).toBe("muted");
      await muted(0);

      const { row, isDuplicate } = await bench.store.send(draft);

      expect([row.seq, isDuplicate]).toEqual([1, false]);
    });

    test("stores one of a pair of the same call that come together", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"));
      const draft = textDraft(id, "ada");

      const [first, second] = await Promise.all([bench.store.send(draft), bench.store.send(draft)]);

      expect([first.isDuplicate, second.isDuplicate]).toEqual([false, true]);
      expect(second.row).toEqual(first.row);
    });

    test("pushes in the order of the numbers, after the commit", async () => {
      await using bench = await open();
      const id = await bench.group(await bench.user("ada"), await bench.user("bo"));

      await Promise.all(Array.from({ length: 150 }, () => bench.store.send(textDraft(id, "ada"))));

      const seqs = bench.news.flatMap((item) =>
        item.event === "message" && item.topics.includes("inbox:bo") ? [item.payload.message.seq] : [],
      );
      expect(seqs).toEqual(Array.from({ length: 150 }, (_, place) => place + 1));
    });

    test("twelve writers with racing retries leave no hole and no double, and no reader ever sees one", async () => {
      await using bench = await open();
      const users = await Promise.all(Array.from({ length: WRITERS }, (_, place) => bench.user(`writer-${place}`)));
      const id = await bench.group(...users);
      const stores: MessageStore[] = [bench.store];
      while (stores.length < STORES) stores.push(await bench.anotherStore());
      const acknowledged = new Map<string, Set<number>>();
      let isWriting = true;
      const reader = readWhile(bench, id, () => isWriting);

      await Promise.all(users.map((user, place) => write({ id, user, place, stores, acknowledged })));
      isWriting = false;

      expect(await reader).toEqual([]);
      const rows = await bench.rows(id);
      expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: WRITERS * SENDS }, (_, at) => at + 1));
      expect(new Set(rows.map((row) => `${row.sender_id} ${row.client_message_id}`)).size).toBe(WRITERS * SENDS);
      expect(acknowledged.size).toBe(WRITERS * SENDS);
      expect([...acknowledged.values()].filter((seqs) => seqs.size !== 1)).toEqual([]);
      expect(bench.failures).toEqual([]);
    }, 60_000);
  });
}

/** Sends one after the other; every fifth is sent through two stores at the same time. */
async function write({
  id,
  user,
  place,
  stores,
  acknowledged,
}: {
  readonly id: string;
  readonly user: string;
  readonly place: number;
  readonly stores: readonly MessageStore[];
  readonly acknowledged: Map<string, Set<number>>;
}): Promise<void> {
  const storeAt = (at: number): MessageStore => stores[at % stores.length] ?? expect.unreachable();
  for (let count = 0; count < SENDS; count++) {
    const draft = textDraft(id, user, { id: `${user}-message-${count}` });
    const sends = [storeAt(place + count).send(draft)];
    if (count % 5 === 0) sends.push(storeAt(place + count + 1).send(draft));
    const sent: SentMessage[] = await Promise.all(sends);
    acknowledged.set(draft.clientMessageId, new Set(sent.map(({ row }) => row.seq)));
  }
}

/** Compares the last number with the count of rows for as long as it is told; gives what did not agree. */
async function readWhile(bench: MessageBench, id: string, goesOn: () => boolean): Promise<unknown[]> {
  const wrong: unknown[] = [];
  while (goesOn()) {
    const { last, count } = await bench.database.read
      .selectFrom("messages")
      .select(({ fn }) => [fn.max("seq").as("last"), fn.countAll<number>().as("count")])
      .where("conversation_id", "=", id)
      .executeTakeFirstOrThrow();
    if ((last ?? 0) !== count) wrong.push({ last, count });
    // SQLite answers at once: without a pause the reader would keep everyone else from running.
    await new Promise((resolve) => void setImmediate(resolve));
  }
  return wrong;
}
