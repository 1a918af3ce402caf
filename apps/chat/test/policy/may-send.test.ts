import type { Database } from "@hutong/database";
import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { requireMember } from "../../src/conversations/membership.ts";
import { openDirect } from "../../src/conversations/open-direct.ts";
import type { SenderKind } from "../../src/policy/decide-send.ts";
import { checkMaySend, readSendDecision } from "../../src/policy/may-send.ts";
import type { Tables } from "../../src/storage/tables.ts";
import { addPeople, addPerson, befriend, block, NOW, withChatDatabase } from "../support/people.ts";

/** One message from one to the other as far as the policy goes; `"sent"` or the code of the refusal. */
async function send(
  database: Database<Tables>,
  senderId: string,
  peerId: string,
  senderKind: SenderKind = "user",
): Promise<string> {
  const sending = database.write(async (transaction) => {
    const id = await openDirect(transaction, { userId: senderId, peerId, at: NOW });
    const { conversation, member } = await requireMember(transaction, id, senderId);
    await checkMaySend(transaction, { senderId, senderKind, conversation, member, at: NOW });
  });
  return sending.then(
    () => "sent",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
  );
}

async function sendTimes(
  database: Database<Tables>,
  count: number,
  pair: readonly [string, string],
): Promise<string[]> {
  const outcomes: string[] = [];
  for (let sent = 0; sent < count; sent++) outcomes.push(await send(database, ...pair));
  return outcomes;
}

describe.each(testEngines())("checkMaySend on $name", (engine) => {
  const withDatabase = (work: (database: Database<Tables>) => Promise<void>) => withChatDatabase(engine, work);

  test("a stranger gets as many messages through as the recipient's settings say", () =>
    withDatabase(async (database) => {
      await addPerson(database, "ada");
      await addPerson(database, "ben", { strangers: { visitor: 0, user: 2 } });

      expect(await sendTimes(database, 3, ["ada", "ben"])).toEqual(["sent", "sent", "stranger_limit"]);
    }));

  test("visitors are held to the limit for visitors", () =>
    withDatabase(async (database) => {
      await addPerson(database, "vera", { kind: "visitor" });
      await addPerson(database, "ben", { strangers: { visitor: 0, user: null } });

      expect(await send(database, "vera", "ben", "visitor")).toBe("not_friend");
    }));

  test("an answer opens the conversation for good", () =>
    withDatabase(async (database) => {
      await addPerson(database, "ada", { strangers: { visitor: 0, user: 0 } });
      await addPerson(database, "ben", { strangers: { visitor: 1, user: 1 } });
      await sendTimes(database, 2, ["ada", "ben"]);

      expect(await send(database, "ben", "ada")).toBe("sent");
      expect(await sendTimes(database, 3, ["ada", "ben"])).toEqual(["sent", "sent", "sent"]);
    }));

  test("a friendship ends the limit", () =>
    withDatabase(async (database) => {
      await addPeople(database, ["ada", "ben"]);
      await sendTimes(database, 1, ["ada", "ben"]);
      await befriend(database, "ada", ["ben"]);

      expect(await sendTimes(database, 2, ["ada", "ben"])).toEqual(["sent", "sent"]);
    }));

  test("racing messages of a stranger do not pass the limit together", () =>
    withDatabase(async (database) => {
      await addPerson(database, "ada");
      await addPerson(database, "ben", { strangers: { visitor: 0, user: 3 } });
      await database.write((transaction) => openDirect(transaction, { userId: "ada", peerId: "ben", at: NOW }));

      const outcomes = await Promise.all(Array.from({ length: 8 }, () => send(database, "ada", "ben")));

      expect(outcomes.filter((outcome) => outcome === "sent")).toHaveLength(3);
    }));

  test("a message whose transaction fails is not counted", () =>
    withDatabase(async (database) => {
      await addPeople(database, ["ada", "ben"]);
      const failing = database.write(async (transaction) => {
        const id = await openDirect(transaction, { userId: "ada", peerId: "ben", at: NOW });
        const { conversation, member } = await requireMember(transaction, id, "ada");
        await checkMaySend(transaction, { senderId: "ada", senderKind: "user", conversation, member, at: NOW });
        throw new Error("the disk is full");
      });
      await expect(failing).rejects.toThrow("the disk is full");

      expect(await sendTimes(database, 2, ["ada", "ben"])).toEqual(["sent", "stranger_limit"]);
    }));

  test("a block refuses, friend or not, and only in its direction", () =>
    withDatabase(async (database) => {
      await addPeople(database, ["ada", "ben"]);
      await befriend(database, "ada", ["ben"]);
      await block(database, "ben", "ada");

      expect(await send(database, "ada", "ben")).toBe("blocked");
      expect(await send(database, "ben", "ada")).toBe("sent");
    }));

  test("what is written to a deleted account finds nobody", () =>
    withDatabase(async (database) => {
      await addPeople(database, ["ada", "ben"]);
      await database.write((transaction) =>
        transaction.updateTable("users").set({ status: "deleted" }).where("id", "=", "ben").execute(),
      );

      expect(await send(database, "ada", "ben")).toBe("not_found");
    }));

  test("a conversation with oneself has no limit", () =>
    withDatabase(async (database) => {
      await addPerson(database, "ada", { strangers: { visitor: 0, user: 0 } });

      expect(await send(database, "ada", "ada")).toBe("sent");
    }));

  test("asking for the decision counts nothing", () =>
    withDatabase(async (database) => {
      await addPeople(database, ["ada", "ben"]);
      const id = await database.write((transaction) =>
        openDirect(transaction, { userId: "ada", peerId: "ben", at: NOW }),
      );
      const { conversation, member } = await requireMember(database.read, id, "ada");
      const attempt = { senderId: "ada", senderKind: "user", conversation, member, at: NOW } as const;

      expect(await readSendDecision(database.read, attempt)).toEqual({ kind: "send", counts: true });
      expect(await readSendDecision(database.read, attempt)).toEqual({ kind: "send", counts: true });
      expect(await send(database, "ada", "ben")).toBe("sent");
      expect(await readSendDecision(database.read, attempt)).toEqual({ kind: "refuse", code: "stranger_limit" });
    }));
});
