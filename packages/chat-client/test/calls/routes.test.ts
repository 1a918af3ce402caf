import { ACTIONS } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";

import { ROUTES } from "../../src/calls/routes.ts";

describe("ROUTES", () => {
  test("the routes are those of the contract", () => {
    const contract = Object.entries(ACTIONS).map(([name, { method, path }]) => [
      name,
      `${method.toUpperCase()} ${path}`,
    ]);

    expect(ROUTES).toEqual(Object.fromEntries(contract));
  });
});
