import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Authenticate } from "../accounts/authenticate.ts";
import { ChatError } from "../api/chat-error.ts";
import { answerError } from "../http/action-routes.ts";
import type { HttpEnvironment } from "../http/http-environment.ts";
import { readBody } from "../http/read-body.ts";
import type { Tables } from "../storage/tables.ts";
import { readJson } from "../wafer/read-json.ts";
import type { ContentCheck } from "./content-check.ts";
import { readPush } from "./media-check-callback.ts";
import { openidOf } from "./openid-of.ts";
import type { Wechat } from "./wechat.ts";

/** What the routes of WeChat answer with. */
export interface WechatRoutesParts {
  readonly wechat: Wechat;
  /** `undefined` where nothing is judged. */
  readonly contentCheck: ContentCheck | undefined;
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

/** Template id → what the user answered. */
const ANSWERS = z.record(z.string().max(100), z.string().max(20));

/**
 * `/wechat/push`, where WeChat says what it thinks of a file, and `/wechat/subscriptions`, where a mini-program passes on what
 * `wx.requestSubscribeMessage` gave it.
 */
export function wechatRoutes(parts: WechatRoutesParts): Hono<HttpEnvironment> {
  const routes = new Hono<HttpEnvironment>();
  routes.on(["GET", "POST"], "/wechat/push", (context) => takePush(context, parts));
  routes.post("/wechat/subscriptions", (context) => takeAnswers(context, parts));
  routes.onError((error, context) => {
    if (!(error instanceof ChatError)) throw error;
    return answerError(context, error);
  });
  return routes;
}

async function takePush(context: Context, { wechat, contentCheck, clock }: WechatRoutesParts): Promise<Response> {
  const { appId, pushToken: token, moderation } = wechat.config;
  if (token === undefined) return context.text("not found", 404);
  const query = new URL(context.req.url).searchParams;
  const request = { method: context.req.method, query, body: await readBody(context, clock) };
  const whenUnavailable = moderation === "strict" ? "risky" : "pass";
  const push = readPush(request, { appId, token, nowMs: clock.now(), whenUnavailable });
  switch (push.kind) {
    case "echo":
      return context.text(push.text);
    case "media_check": {
      const isKnown = (await contentCheck?.judged(push.traceId, push.verdict)) ?? true;
      // A verdict may be quicker than our note of what was asked: WeChat says it again.
      return isKnown ? context.text("success") : context.text("unknown", 503);
    }
    case "other":
      return context.text("success");
    case "refused":
      return context.text("forbidden", 403);
    default:
      return push satisfies never;
  }
}

async function takeAnswers(context: Context, parts: WechatRoutesParts): Promise<Response> {
  const token = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
  const caller = await parts.authenticate(token);
  if (typeof caller === "string") return context.json({ error: { reason: caller } }, 401);
  const body = readJson(await readBody(context, parts.clock));
  const answers = ANSWERS.safeParse(body.kind === "value" ? body.value : undefined); // no JSON is no answer
  const openid = await openidOf(parts.database.read, caller.userId);
  if (!answers.success || openid === undefined) return context.json({ error: { reason: "bad_request" } }, 400);
  await parts.wechat.subscribeMessages?.record(openid, new Map(Object.entries(answers.data)));
  return context.json({});
}
