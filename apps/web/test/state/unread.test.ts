import { describe, expect, test } from "vitest";

import { toTitle } from "../../src/state/unread.ts";

describe("toTitle", () => {
  test("unread messages stand first, where a narrow tab shows them", () => {
    expect(toTitle(3, "Lobby")).toBe("(3) Lobby · Hutong 胡同");
  });

  test("nothing unread means no number", () => {
    expect(toTitle(0, "Lobby")).toBe("Lobby · Hutong 胡同");
  });
});
