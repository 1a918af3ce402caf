import type { SchemaResult, StandardSchema } from "@hutong/protocol";
import { expect, test } from "vitest";
import { z } from "zod";
import { validate } from "../../src/channel/validate.ts";

function schemaOf(check: (value: unknown) => SchemaResult<unknown> | Promise<SchemaResult<unknown>>): StandardSchema {
  return { "~standard": { version: 1, vendor: "test", validate: check } };
}

test("without a schema every value passes", () => {
  const value = { anything: true };

  expect(validate(undefined, value)).toEqual({ kind: "valid", value });
});

test("a value passes as the schema gives it out", () => {
  expect(validate(z.object({ n: z.coerce.number() }), { n: "5", extra: 1 })).toEqual({
    kind: "valid",
    value: { n: 5 },
  });
});

test("issues have a path in dots and a message", () => {
  const schema = schemaOf(() => ({ issues: [{ message: "too long", path: ["items", 2, { key: "body" }] }] }));

  expect(validate(schema, {})).toEqual({ kind: "invalid", issues: [{ path: "items.2.body", message: "too long" }] });
});

test("an issue without a path is about the whole value", () => {
  expect(
    validate(
      schemaOf(() => ({ issues: [{ message: "no" }] })),
      1,
    ),
  ).toEqual({
    kind: "invalid",
    issues: [{ path: "", message: "no" }],
  });
});

test("a symbol in a path is named", () => {
  const schema = schemaOf(() => ({ issues: [{ message: "no", path: [Symbol("key")] }] }));

  expect(validate(schema, 1)).toEqual({ kind: "invalid", issues: [{ path: "Symbol(key)", message: "no" }] });
});

test("only the first eight issues are told", () => {
  const issues = Array.from({ length: 20 }, (_, index) => ({ message: `issue ${index}` }));

  const validation = validate(
    schemaOf(() => ({ issues })),
    1,
  );

  expect(validation).toMatchObject({ issues: { length: 8 } });
});

test("an asynchronous schema is waited for", async () => {
  const schema = schemaOf(async (value) => ({ value: `checked ${String(value)}` }));

  await expect(validate(schema, "x")).resolves.toEqual({ kind: "valid", value: "checked x" });
});
