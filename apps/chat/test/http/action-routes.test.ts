import { CHAT_ERROR_CODES } from "@hutong/chat-api";
import { FakeClock } from "@hutong/testing";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { Rates } from "../../src/accounts/rates.ts";
import { ChatError } from "../../src/api/chat-error.ts";
import { actionRoutes } from "../../src/http/action-routes.ts";
import type { HttpEnvironment } from "../../src/http/http-environment.ts";

/** The routes of the actions for one caller, who comes from the address in the header `from`. */
function routesFor(perform: () => Promise<object>) {
  const clock = new FakeClock();
  const app = new Hono<HttpEnvironment>();
  app.use(async (context, next) => {
    context.set("caller", { userId: "ada", kind: "visitor", sessionId: "session" });
    context.set("remoteAddress", context.req.header("from") ?? "");
    await next();
  });
  app.route(
    "/",
    actionRoutes({
      perform,
      idempotentCalls: { once: (_call, run) => run() },
      rates: new Rates(clock),
      clock,
      fileCookie: { headerFor: () => "" },
      failed: (_action, error) => expect.unreachable(String(error)),
    }),
  );
  return { clock, call: (from = "192.0.2.1") => app.request("/me", { headers: { from } }) };
}

test("calls over HTTP have the rate of a connection, wherever they come from", async () => {
  const { clock, call } = routesFor(() => Promise.resolve({}));
  for (let count = 0; count < 2_000; count++) await call("192.0.2.1");

  const refused = await call("192.0.2.2");
  await clock.advance(5);
  const later = await call("192.0.2.2");

  expect([refused.status, refused.headers.get("retry-after"), later.status]).toEqual([429, "1", 200]);
});

const STATUSES = [
  [400, ["bad_request"]],
  [401, ["unauthorized", "token_expired", "wrong_credentials", "invalid_code"]],
  [403, ["account_disabled", "forbidden", "users_only", "not_member", "not_friend", "stranger_limit", "blocked"]],
  [403, ["muted", "mute_all", "conversation_closed", "recall_expired", "edit_expired", "content_rejected"]],
  [404, ["not_found"]],
  [409, ["name_taken", "client_message_id_conflict", "idempotency_conflict", "conflict", "limit_reached"]],
  [413, ["too_large"]],
  [415, ["type_not_allowed"]],
  [429, ["rate_limited", "slow_mode"]],
  [500, ["internal"]],
  [503, ["unavailable"]],
  [507, ["storage_full"]],
] as const;

test("every code has a status", () => {
  expect(STATUSES.flatMap(([, codes]) => codes).toSorted()).toEqual(Object.keys(CHAT_ERROR_CODES).toSorted());
});

test.each(STATUSES.flatMap(([status, codes]) => codes.map((code) => [code, status] as const)))(
  "%s is answered with status %d, the code and the wait",
  async (code, status) => {
    const { call } = routesFor(() => Promise.reject(new ChatError(code, { retryAfterMs: 1_500 })));

    const answer = await call();

    expect([answer.status, answer.headers.get("retry-after")]).toEqual([status, "2"]);
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? "Bearer" : null);
    expect(await answer.json()).toMatchObject({ error: { reason: code, retryAfterMs: 1_500 } });
  },
);
