import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { addressOf, chatEnvironment, startChatProcess } from "../support/chat-process.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { makeGroup, People, type Person, PROOF_LIMIT_MS, text } from "./support/proof-stage.ts";
import { MIGRATIONS } from "../../src/storage/migrations.ts";

const WRITERS = 12;
const MESSAGES_EACH = 12;

describe.each(testEngines())("proof 3, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  test("twelve writers through several servers, with racing retries, leave no hole and no double", async () => {
    await using database = await engine.create(MIGRATIONS);
    await using folder = await createTemporaryFolder();
    const environment = {
      ...(await chatEnvironment(folder)),
      HUTONG_DATABASE_URL: database.url,
      HUTONG_TRUSTED_PROXIES: "127.0.0.1",
    };
    await using first = startChatProcess(environment);
    const urls = [await addressOf(first)];
    // The others share the first one's data folder, and with it the secret that tokens are signed with.
    await using second = startChatProcess(environment);
    await using third = engine.name === "SQLite" ? undefined : startChatProcess(environment);
    urls.push(await addressOf(second), ...(third === undefined ? [] : [await addressOf(third)]));
    const people = new People(urls[0] ?? "");
    const writers = await Promise.all(Array.from({ length: WRITERS }, (_, index) => people.user(`writer_${index}`)));
    const [owner, ...rest] = writers;
    if (owner === undefined) throw new TypeError("there is no writer");
    const conversationId = await makeGroup(owner, rest);
    let isWriting = true;
    const reading = readUntil(people.on(urls.at(-1) ?? "", owner), conversationId, () => !isWriting);

    const places = await Promise.all(
      writers.map(async (writer, rank) => {
        const seqs: (readonly number[])[] = [];
        for (let count = 1; count <= MESSAGES_EACH; count++) {
          const input = { conversationId, clientMessageId: `message-${count}`, content: text(`${rank}: ${count}`) };
          // Each message is sent at the same time through two servers, as a retry does that overtakes.
          const answers = await Promise.all(
            [rank, rank + 1].map((place) =>
              people.on(urls[place % urls.length] ?? "", writer).call("send_message", input),
            ),
          );
          expect(answers.filter(({ duplicate }) => duplicate)).toHaveLength(1);
          seqs.push(answers.map(({ message }) => message.seq));
        }
        return seqs;
      }),
    );
    isWriting = false;
    const seen = await reading;

    const all = places.flat();
    expect(all.every(([seq, again]) => seq === again)).toBe(true);
    // The group's own first notice has seq 1.
    const numbers = all.map(([seq]) => seq ?? 0).toSorted((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: WRITERS * MESSAGES_EACH }, (_, index) => index + 2));
    expect(seen).toEqual([1, ...numbers]);
  });
});

/** Pulls what is new over and over, and gives all seqs in the order of seeing them. */
async function readUntil(reader: Person, conversationId: string, isOver: () => boolean): Promise<readonly number[]> {
  const seqs: number[] = [];
  for (let isLast = false; !isLast;) {
    isLast = isOver();
    const { messages } = await reader.call("pull_messages", { conversationId, after: seqs.at(-1) ?? 0, limit: 200 });
    seqs.push(...messages.map(({ seq }) => seq));
  }
  return seqs;
}
