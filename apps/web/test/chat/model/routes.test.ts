import { ACTIONS } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";

import { ROUTES } from "../../../src/chat/model/routes.ts";

describe("ROUTES", () => {
  test("the page's routes are those of the contract", () => {
    const contract = Object.entries(ACTIONS).map(([name, { method, path }]) => [name, `${method} ${path}`]);

    expect(ROUTES).toEqual(Object.fromEntries(contract));
  });
});
