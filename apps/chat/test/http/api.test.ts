import { ACTIONS } from "@hutong/chat-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiClient, reasonOf } from "../support/api-client.ts";
import { type StartedChat, startTestChat } from "../support/started-chat.ts";

let started: StartedChat;
let anyone: ApiClient;
let ada: ApiClient;
let bob: Awaited<ReturnType<ApiClient["register"]>>;
let conversationId: string;

beforeAll(async () => {
  started = await startTestChat();
  anyone = new ApiClient(started.chat.url);
  ada = await anyone.register("ada_l");
  bob = await anyone.register("bob_b");
  const { conversation } = await ada.call("open_direct", { userId: bob.session.me.id });
  conversationId = conversation.id;
});

afterAll(() => started[Symbol.asyncDispose]());

const text = (words: string) => ({ type: "text" as const, body: { text: words } });

describe("the HTTP API", () => {
  test("sends, finds and reads a message", async () => {
    const { message } = await ada.call("send_message", {
      conversationId,
      clientMessageId: "http-0001",
      content: text("明天去吃火锅"),
    });
    expect(message).toMatchObject({ seq: 1, type: "text", body: { text: "明天去吃火锅" } });
    const found = await bob.call("search_messages", { query: "火锅" });
    expect(found.messages.map(({ id }) => id)).toEqual([message.id]);
    const page = await bob.call("pull_messages", { conversationId, limit: 10 });
    expect(page).toMatchObject({ messages: [{ id: message.id }], more: false, lastSeq: 1 });
  });

  test.each(Object.entries(ACTIONS).filter(([, { access }]) => access !== "anyone"))(
    "%s asks for a session",
    async (name) => {
      const answer = await anyone.send(name as keyof typeof ACTIONS, {}); // a key of the table
      expect([answer.status, reasonOf(answer.body)]).toEqual([401, "unauthorized"]);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    },
  );

  test("a token that is none is refused, also where none is needed", async () => {
    const headers = { authorization: "Bearer nonsense" };
    const answer = await anyone.send("sign_in", {}, headers);
    expect([answer.status, reasonOf(answer.body)]).toEqual([401, "unauthorized"]);
  });

  test.each([
    ["no JSON", "{", 400, "bad_request"],
    ["a list", "[]", 400, "bad_request"],
    ["a text", '"hi"', 400, "bad_request"],
    ["fields of the wrong type", '{"userId":7}', 400, "bad_request"],
    ["more than 64 KiB", JSON.stringify({ userId: "x".repeat(65_536) }), 413, "too_large"],
  ])("a body that is %s gets a coded answer", async (_what, body, status, reason) => {
    const answer = await ada.request("/conversations/direct", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect([answer.status, reasonOf(answer.body)]).toEqual([status, reason]);
  });

  test("a query that does not fit says which field", async () => {
    const answer = await ada.request("/conversations?limit=0");
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain("limit");
  });

  test("`__proto__` in a body is a field like any other that is not known", async () => {
    const answer = await ada.request(`/conversations/direct`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"__proto__":{"userId":"${bob.session.me.id}"}}`,
    });
    expect([answer.status, reasonOf(answer.body)]).toEqual([400, "bad_request"]);
  });

  test("what is not there is not_found, as JSON", async () => {
    const answer = await ada.request("/nothing");
    expect([answer.status, reasonOf(answer.body)]).toEqual([404, "not_found"]);
  });

  test("the same idempotency key gives the same answer, and another call under it is a conflict", async () => {
    const carl = await anyone.register("carl_c");
    const friends = { userId: carl.session.me.id, message: "hello" };
    const first = await ada.send("request_friend", friends, { "idempotency-key": "one" });
    const again = await ada.send("request_friend", friends, { "idempotency-key": "one" });
    const other = await ada.send("request_friend", { ...friends, message: "hi" }, { "idempotency-key": "one" });
    const bobs = await bob.send("request_friend", friends, { "idempotency-key": "one" });
    expect(first.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect([other.status, reasonOf(other.body)]).toEqual([409, "idempotency_conflict"]);
    expect(bobs.body).not.toEqual(first.body);
    expect((await ada.send("open_direct", {}, { "idempotency-key": "x".repeat(129) })).status).toBe(400);
  });

  test("pages of other origins get no permission, ours do, and programs need none", async () => {
    const origin = new URL(started.chat.url).origin;
    const allowed = await ada.request("/me", { headers: { origin } });
    const foreign = await ada.request("/me", { headers: { origin: "https://evil.example" } });
    expect(allowed.headers.get("access-control-allow-origin")).toBe(origin);
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
    expect(allowed.headers.get("cache-control")).toBe("no-store");
  });

  test("is described by OpenAPI 3.1, every action once", async () => {
    const { body, status } = await anyone.request("/openapi.json");
    expect(status).toBe(200);
    const { openapi, paths } = body as {
      openapi: string;
      paths: Record<string, Record<string, { operationId?: string }>>;
    };
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const ids = operations.flatMap(({ operationId }) => operationId ?? []);
    expect(openapi).toBe("3.1.0");
    expect(ids.filter((id) => id !== "upload_file").toSorted()).toEqual(Object.keys(ACTIONS).toSorted());
    expect(JSON.stringify(body)).not.toContain("#/$defs");
  });

  test("has a page to try it, without anything from elsewhere", async () => {
    const page = await fetch(`${started.chat.url}/api/docs`);
    const html = await page.text();
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? "");
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) expect((await fetch(new URL(link, started.chat.url))).status).toBe(200);
  });
});
