import { ACTIONS } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";
import { ROUTES, toRequest } from "../../miniprogram/model/routes";

describe("the routes", () => {
  test("are those of the contract", () => {
    const contract = new Map(
      Object.entries(ACTIONS).map(([name, { method, path }]) => [name, `${method.toUpperCase()} ${path}`]),
    );

    const wrong = Object.entries(ROUTES).filter(([name, route]) => contract.get(name) !== route);

    expect(wrong).toEqual([]);
  });

  test("put fields into the path, the query and the body", () => {
    expect(toRequest("pull_messages", { conversationId: "a/b", after: 3, before: undefined })).toEqual({
      method: "GET",
      path: "/api/conversations/a%2Fb/messages?after=3",
      body: undefined,
    });
    expect(toRequest("mark_read", { conversationId: "c", seq: 4 })).toEqual({
      method: "POST",
      path: "/api/conversations/c/read",
      body: { seq: 4 },
    });
  });
});
