import { expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { startTestChat } from "../support/started-chat.ts";

test.each<[string, string, RequestInit]>([
  ["in a body", "/sessions", { method: "POST", body: '{"username":"ada\\u0000","password":"correct horse"}' }],
  ["in a path", "/users/%00", {}],
  ["in a query", "/users/search?query=a%00b", {}],
])("the character U+0000 %s is a bad request", async (_where, path, init) => {
  await using started = await startTestChat();
  const ada = await new ApiClient(started.chat.url).register("ada_love");

  const { status, body } = await ada.request(path, { ...init, headers: { "content-type": "application/json" } });

  expect([status, body]).toEqual([400, { error: expect.objectContaining({ reason: "bad_request" }) }]);
});

test("a body that nests 20,000 levels deep is a bad request", async () => {
  await using started = await startTestChat();
  const ada = await new ApiClient(started.chat.url).register("ada_love");
  const data = "[".repeat(20_000) + "]".repeat(20_000);

  const { status, body } = await ada.request("/conversations/any/messages", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: `{"clientMessageId":"12345678","content":{"type":"card","body":{"kind":"x","data":${data}}}}`,
  });

  expect([status, body]).toEqual([400, { error: expect.objectContaining({ reason: "bad_request" }) }]);
});
