import { describe, expect, test } from "vitest";
import { CLOSE_CODES, reconnectsAfter } from "../src/index.ts";

const rows = Object.entries(CLOSE_CODES).map(([name, row]) => ({ name, ...row }));

describe("CLOSE_CODES", () => {
  test("no code is used twice", () => {
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  });

  test.each(rows)("$name is a name that fits a close reason, with a summary", ({ name, summary }) => {
    expect(name).toMatch(/^[a-z_]{1,123}$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
  });

  test.each(rows)("$name ($code) lies in a range that may be sent", ({ code }: { readonly code: number }) => {
    // 1005 and 1006 stand for a close without a code, and never travel.
    expect([1005, 1006]).not.toContain(code);
    expect((code >= 1000 && code <= 1013) || (code >= 4000 && code <= 4999)).toBe(true);
  });

  test.each(rows.filter(({ code }) => code >= 4000))("$name ($code) says by its range whether to come back", (row) => {
    expect(row.reconnect).toBe(row.code < 4500);
  });
});

describe("reconnectsAfter", () => {
  test.each(rows)("agrees with the table on $name ($code)", ({ code, reconnect }) => {
    expect(reconnectsAfter(code)).toBe(reconnect);
  });

  test.each([1005, 1006, 1014, 1015, 3410, 4099, 4499])("comes back after the unknown code %i", (code) => {
    expect(reconnectsAfter(code)).toBe(true);
  });

  test.each([4500, 4999])("stays away after the terminal code %i", (code) => {
    expect(reconnectsAfter(code)).toBe(false);
  });
});
