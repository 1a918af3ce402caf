import { ACTIONS, CHAT_ERROR_CODES, CHAT_LIMITS, INBOX_EVENTS } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";
import { quotedNames, sections, tableRows } from "./support/markdown.ts";
import { readText } from "./support/repository.ts";

const page = sections(readText("docs/reference/chat-api.md"));
const NEEDS = { anyone: "anyone", visitor: "session", user: "account" } as const;

/** The rows of a section's table. */
function rowsOf(title: string): readonly (readonly string[])[] {
  return tableRows(page.find((section) => section.title === title)?.text ?? "");
}

describe("chat-api.md", () => {
  test("has one row per action, as the table says", () => {
    expect(rowsOf("Actions")).toEqual(
      Object.entries(ACTIONS).map(([name, { method, path, access, summary }]) => [
        `\`${name}\``,
        `\`${method.toUpperCase()} ${path}\``,
        NEEDS[access],
        summary,
      ]),
    );
  });

  test("has one row per call that carries a file", () => {
    const routes = readText("apps/chat/src/files/file-routes.ts").matchAll(/routes\.(post|get)\("([^"]+)"/g);
    const calls = [...routes].map(
      ([, method = "", path = ""]) => `${method.toUpperCase()} ${path.replace(":id", "{id}")}`,
    );

    expect(calls).toHaveLength(3);
    expect(rowsOf("Files").map(([call = ""]) => quotedNames(call)[0])).toEqual(calls);
  });

  test("has one row per error, as the table says", () => {
    expect(rowsOf("Errors")).toEqual(
      Object.entries(CHAT_ERROR_CODES).map(([name, { status, retryable, summary }]) => [
        `\`${name}\``,
        String(status),
        retryable ? "yes" : "no",
        summary,
      ]),
    );
  });

  test("has one row per event, with the fields of its payload", () => {
    expect(rowsOf("Events").map(([name = "", payload = ""]) => [quotedNames(name)[0], quotedNames(payload)])).toEqual(
      Object.entries(INBOX_EVENTS).map(([name, { shape }]) => [name, Object.keys(shape)]),
    );
  });

  test("has one row per limit, with its value", () => {
    expect(rowsOf("Limits")).toEqual(
      Object.entries(CHAT_LIMITS).map(([name, value]) => [`\`${name}\``, String(value)]),
    );
  });
});
