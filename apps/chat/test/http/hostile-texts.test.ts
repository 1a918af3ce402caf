import { expect, test } from "vitest";
import { ApiClient, reasonOf } from "../support/api-client.ts";
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

test("half a surrogate pair becomes U+FFFD before anything is decided by it", async () => {
  await using started = await startTestChat();
  const ada = await new ApiClient(started.chat.url).register("ada_love");
  const bob = await new ApiClient(started.chat.url).register("bob_love");
  const { conversation } = await ada.call("open_direct", { userId: bob.session.me.id });
  const content = { type: "text" as const, body: { text: "cut \ud83d" } };
  const send = (clientMessageId: string) =>
    ada.send("send_message", { conversationId: conversation.id, clientMessageId, content });

  const first = await send("\ud800-message");
  const second = await send("\udc00-message");

  expect([first.status, second.status]).toEqual([200, 200]);
  expect(first.body).toMatchObject({ duplicate: false, message: { body: { text: "cut \ufffd" } } });
  expect(second.body).toMatchObject({ duplicate: true, message: { clientMessageId: "\ufffd-message" } });
});

test("a name is one line that can be seen", async () => {
  await using started = await startTestChat();
  const ada = await new ApiClient(started.chat.url).register("ada_love");

  const { nickname } = await ada.call("update_profile", { nickname: "Ada\u202E\n\u0007Love" });

  expect(nickname).toBe("Ada Love");
  expect((await ada.send("update_profile", { nickname: "\u200B\u3164" })).status).toBe(400);
});

test.each(["javascript:alert(1)", "data:text/html,x", "https://a b", "//example.com", "https://x\r\nX: y"])(
  "F: a website of %j is a bad request",
  async (website) => {
    await using started = await startTestChat();
    const ada = await new ApiClient(started.chat.url).register("ada_love");

    const { status, body } = await ada.send("update_profile", { details: { website } });

    expect([status, reasonOf(body)]).toEqual([400, "bad_request"]);
  },
);

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
