import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { type ActingPeople, withPeople } from "../support/acting-people.ts";
import { addPeople, befriend, NOW } from "../support/people.ts";

describe.each(testEngines())("settings of groups on $name", (engine) => {
  const run = (work: (people: ActingPeople, conversationId: string) => Promise<void>) => () =>
    withPeople(engine, async (people) => {
      await addPeople(people.database, ["ada", "ben", "cleo", "dora"]);
      await befriend(people.database, "ada", ["ben", "cleo", "dora"]);
      const conversationId = await people.group("ada", ["ben", "cleo"]);
      await people.call("ada", "set_role", { conversationId, userId: "ben", role: "admin" });
      await work(people, conversationId);
    });

  async function addFile(people: ActingPeople, file: { id: string; ownerId: string; purpose: "profile" | "message" }) {
    const { id, ownerId, purpose } = file;
    const rest = { sha256: "", size: 1, mime: "image/png", name: "", width: 1, height: 1, storage_key: id };
    await people.database.write((transaction) =>
      transaction
        .insertInto("files")
        .values({ ...rest, id, owner_id: ownerId, purpose, thumbnail_key: null, created_at: NOW })
        .execute(),
    );
  }

  test(
    "an admin changes what is given, with a notice for what is worth one",
    run(async (people, conversationId) => {
      const { conversation } = await people.call("ben", "update_group", {
        conversationId,
        title: "The lane",
        notice: "Be kind",
        joinMode: "approval",
        muteAll: true,
        slowModeMs: 5_000,
        historyVisible: true,
      });

      expect(conversation).toMatchObject({
        title: "The lane",
        notice: "Be kind",
        joinMode: "approval",
        muteAll: true,
        slowModeMs: 5_000,
        historyVisible: true,
        avatar: null,
      });
      expect((await people.notices(conversationId)).slice(2)).toEqual([
        { kind: "group_renamed", actorId: "ben", userIds: [], text: "The lane" },
        { kind: "notice_changed", actorId: "ben", userIds: [], text: "Be kind" },
        { kind: "mute_all_changed", actorId: "ben", userIds: [], text: "on" },
      ]);
    }),
  );

  test(
    "everyone hears of a change, and nobody of what is so already",
    run(async (people, conversationId) => {
      const news = await people.newsOf(() => people.call("ada", "update_group", { conversationId, slowModeMs: 1_000 }));

      expect([...news].sort()).toEqual([
        "conversation_updated inbox:ada",
        "conversation_updated inbox:ben",
        "conversation_updated inbox:cleo",
      ]);
      const again = await people.newsOf(() =>
        people.call("ada", "update_group", { conversationId, slowModeMs: 1_000, title: "Lane" }),
      );
      expect(again).toEqual([]);
    }),
  );

  test(
    "ending the silence is said too",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, muteAll: true });
      await people.call("ada", "update_group", { conversationId, muteAll: false });

      expect((await people.notices(conversationId)).slice(2).map(({ text }) => text)).toEqual(["on", "off"]);
    }),
  );

  test(
    "the picture is an own profile picture, or none",
    run(async (people, conversationId) => {
      await addFile(people, { id: "own", ownerId: "ada", purpose: "profile" });
      await addFile(people, { id: "sent", ownerId: "ada", purpose: "message" });
      await addFile(people, { id: "foreign", ownerId: "ben", purpose: "profile" });
      const update = (avatar: string | null) => people.code("ada", "update_group", { conversationId, avatar });

      expect(await update("sent")).toBe("not_found");
      expect(await update("foreign")).toBe("not_found");
      expect(await update("own")).toBe("done");
      // An admin who changes something else leaves the owner's picture alone.
      expect(await people.code("ben", "update_group", { conversationId, avatar: "own", title: "Here" })).toBe("done");
      expect(await update(null)).toBe("done");
    }),
  );

  test(
    "members, those who left, and others do not change it",
    run(async (people, conversationId) => {
      const update = { conversationId, title: "Mine" };

      expect(await people.code("cleo", "update_group", update)).toBe("forbidden");
      await people.call("cleo", "leave_group", { conversationId });
      expect(await people.code("cleo", "update_group", update)).toBe("not_member");
      expect(await people.code("dora", "update_group", update)).toBe("not_found");
      expect(await people.code("dora", "update_group", { ...update, conversationId: "none" })).toBe("not_found");
    }),
  );

  test(
    "new members see what was said before where the group shows its history",
    run(async (people, conversationId) => {
      await people.call("ada", "add_members", { conversationId, userIds: ["dora"] });
      const hidden = await people.member(conversationId, "dora");
      await people.call("dora", "leave_group", { conversationId });
      await people.call("ada", "update_group", { conversationId, historyVisible: true });
      await people.call("ada", "add_members", { conversationId, userIds: ["dora"] });
      const shown = await people.member(conversationId, "dora");

      expect(hidden.min_seq).toBe(2);
      expect(shown.min_seq).toBe(0);
    }),
  );
});
