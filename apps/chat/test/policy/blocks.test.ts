import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { blockersAmong, isBlocked } from "../../src/policy/blocks.ts";
import { addPeople, block, withChatDatabase } from "../support/people.ts";

describe.each(testEngines())("blocks on $name", (engine) => {
  test("a block has one direction", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ada", "ben"]);
      await block(database, "ada", "ben");

      expect(await isBlocked(database.read, { by: "ada", userId: "ben" })).toBe(true);
      expect(await isBlocked(database.read, { by: "ben", userId: "ada" })).toBe(false);
    }));

  test("those who have blocked somebody are found among others", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ada", "ben", "cleo"]);
      await block(database, "ada", "cleo");

      const blockers = await blockersAmong(database.read, { userIds: ["ada", "ben"], userId: "cleo" });

      expect(blockers).toEqual(new Set(["ada"]));
      expect(await blockersAmong(database.read, { userIds: [], userId: "cleo" })).toEqual(new Set());
    }));
});
