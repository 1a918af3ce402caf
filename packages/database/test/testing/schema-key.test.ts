import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Migration } from "../../src/index.ts";
import { schemaKey } from "../../src/testing/schema-key.ts";

function step(name: string, statement: string): Migration {
  return {
    name,
    async up(database) {
      await sql.raw(statement).execute(database);
    },
  };
}

const NOTES = step("0001_notes", "create table notes (id text)");
const TAGS = step("0002_tags", "create table tags (id text)");

test("the same steps have the same key, which may stand in a name", async () => {
  const key = await schemaKey([NOTES, TAGS]);

  expect(key).toMatch(/^[0-9a-f]{16}$/);
  expect(await schemaKey([step("0001_notes", "create table notes (id text)"), TAGS])).toBe(key);
});

test.each([
  ["a step more", [NOTES, TAGS, step("0003_more", "create table more (id text)")]],
  ["a step less", [NOTES]],
  ["another statement", [NOTES, step("0002_tags", "create table tags (id text, name text)")]],
  ["another name", [NOTES, step("0002_labels", "create table tags (id text)")]],
  ["another order", [TAGS, NOTES]],
])("%s is another key", async (_name, steps) => {
  expect(await schemaKey(steps)).not.toBe(await schemaKey([NOTES, TAGS]));
});

test("the steps are those of PostgreSQL", async () => {
  const kinds: string[] = [];

  await schemaKey([{ name: "0001_kind", up: (_database, kind) => Promise.resolve(void kinds.push(kind)) }]);

  expect(kinds).toEqual(["postgres"]);
});
