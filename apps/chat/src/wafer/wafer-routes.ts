import { type AddressOf, isOriginAllowed, type OriginPolicy } from "@hutong/server/node";
import type { Clock } from "@hutong/server/plugin";
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { uuidv7 } from "uuidv7";
import { z } from "zod";
import type { Rates } from "../accounts/rates.ts";
import type { Tickets } from "../accounts/tickets.ts";
import { ChatError } from "../api/chat-error.ts";
import type { HttpEnvironment } from "../http/http-environment.ts";
import { readBody } from "../http/read-body.ts";
import {
  busyAnswer,
  errorAnswer,
  loginAnswer,
  signedInAnswer,
  tunnelAnswer,
  type WaferAnswer,
  type WaferUserInfo,
} from "./answers.ts";
import { baseAddress } from "./base-address.ts";
import { readJson } from "./read-json.ts";
import { addressOf } from "./room-member.ts";
import { readWaferCredentials, WAFER_NAMES } from "./session.ts";
import type { WaferPeople } from "./wafer-people.ts";
import type { WaferArrival, WaferIdentity, WaferSessions } from "./wafer-sessions.ts";

/** Where tunnels are opened. */
export const TUNNEL_PATH = "/tunnel/socket";

/** What the routes of wafer answer with. */
export interface WaferRoutesParts {
  readonly waferSessions: WaferSessions;
  readonly people: WaferPeople;
  readonly tickets: Pick<Tickets, "create">;
  readonly rates: Pick<Rates, "take">;
  readonly clock: Pick<Clock, "after">;
  readonly publicUrl: string | undefined;
  readonly addressOf: AddressOf;
  /** Which pages may call. */
  readonly origins: OriginPolicy;
  /** Hears of what was thrown that is no `ChatError`. */
  readonly failed: (error: unknown) => void;
}

/** Of all that can be wrong with a login its client is told the same. */
const REFUSED = "登录失败，请重新登录";
const BUSY = "服务繁忙，请稍后再试";
const INVALID_SESSION = "会话无效，请重新登录";

/** The login of clients that send everything in a body, with WeChat's signature. */
const SIGNED_LOGIN = z.object({
  code: z.string().min(1),
  userInfo: z.object({
    rawData: z.string().max(8_192),
    signature: z.string().max(64),
    encryptedData: z.string(),
    iv: z.string().max(64),
  }),
});

/** `/login`, `/user` and `/tunnel`, and `/go` for clients that log in with a signature. Every answer has status 200: clients read no other. */
export function waferRoutes(parts: WaferRoutesParts): Hono<HttpEnvironment> {
  const { origins, waferSessions, tickets, rates, publicUrl } = parts;
  const routes = new Hono<HttpEnvironment>();
  const allowed = cors({
    origin: (origin, { req }) => (isOriginAllowed(origins, origin, req.header("host")) ? origin : null),
    allowHeaders: [...Object.values(WAFER_NAMES), "accessToken", "content-type"],
  });
  for (const path of ["/login", "/user", "/go", "/tunnel", "/upload"]) routes.use(path, allowed);
  routes.on(["GET", "POST"], "/login", async (context) => answer(context, await logIn(context, parts)));
  routes.get("/user", async (context) => {
    const identity = await identityOf(context, waferSessions);
    if (identity === undefined) return answer(context, errorAnswer("ERR_INVALID_SESSION", INVALID_SESSION));
    const userInfo = await userInfoOf(context, parts, { ...identity, userId: identity.caller.userId });
    return answer(context, { code: 0, message: "ok", data: { userInfo } });
  });
  routes.get("/go", async (context) => {
    const identity = await identityOf(context, waferSessions);
    if (identity === undefined) return context.json(0);
    return answer(context, { ...(await userInfoOf(context, parts, { ...identity, userId: identity.caller.userId })) });
  });
  routes.get("/tunnel", async (context) => {
    const identity = await identityOf(context, waferSessions);
    if (identity === undefined) return answer(context, errorAnswer("ERR_INVALID_SESSION", INVALID_SESSION));
    const { sessionId } = identity.caller;
    rates.take("ticket", { remoteAddress: parts.addressOf(context.env.incoming), account: sessionId });
    const ticket = await tickets.create(sessionId);
    const base = baseOf(context, publicUrl).replace(/^http/, "ws");
    return answer(context, tunnelAnswer(uuidv7(), `${base}${TUNNEL_PATH}?ticket=${ticket}`));
  });
  routes.onError((error, context) => {
    if (!(error instanceof ChatError)) parts.failed(error);
    const isLogin = context.req.path === "/login";
    return answer(context, isLogin ? errorAnswer("ERR_LOGIN_FAILED", BUSY) : busyAnswer(BUSY));
  });
  return routes;
}

/** Whose keys a request brings; `undefined` without good ones. A signed login gave its client the skey as an access token. */
export async function identityOf(context: Context, waferSessions: WaferSessions): Promise<WaferIdentity | undefined> {
  const credentials = credentialsOf(context);
  if (credentials.kind === "session") return waferSessions.find(credentials);
  const skey = context.req.header("accesstoken");
  return skey === undefined ? undefined : waferSessions.find({ id: undefined, skey });
}

/** Where the client of a request reaches this server. */
export function baseOf(context: Context, publicUrl: string | undefined): string {
  return baseAddress(publicUrl, (name) => context.req.header(name));
}

/** Answers of wafer are one client's own. */
function answer(context: Context, body: WaferAnswer): Response {
  context.header("cache-control", "no-store");
  return context.json(body);
}

function credentialsOf(context: Context) {
  const query = Object.entries(context.req.query());
  return readWaferCredentials({ headers: context.req.raw.headers.entries(), query });
}

async function logIn(context: Context<HttpEnvironment>, parts: WaferRoutesParts): Promise<WaferAnswer> {
  const credentials = credentialsOf(context);
  const remoteAddress = parts.addressOf(context.env.incoming);
  switch (credentials.kind) {
    case "login":
      return open(context, parts, { ...credentials, remoteAddress });
    case "session": {
      const identity = await parts.waferSessions.find(credentials);
      return identity === undefined ? errorAnswer("ERR_INVALID_SESSION", INVALID_SESSION) : signedInAnswer();
    }
    case "malformed":
      return errorAnswer("ERR_LOGIN_FAILED", credentials.message);
    case "none": {
      const login = SIGNED_LOGIN.safeParse(await bodyOf(context, parts.clock));
      if (!login.success) return errorAnswer("ERR_LOGIN_FAILED", `${WAFER_NAMES.code} is missing`);
      const { code, userInfo } = login.data;
      return open(context, parts, { code, userData: userInfo, signed: userInfo, remoteAddress });
    }
    default:
      return credentials satisfies never;
  }
}

async function open(
  context: Context<HttpEnvironment>,
  parts: WaferRoutesParts,
  arrival: WaferArrival,
): Promise<WaferAnswer> {
  try {
    const session = await parts.waferSessions.login(arrival);
    const userInfo = await userInfoOf(context, parts, session);
    const isSigned = arrival.signed !== undefined;
    return { ...loginAnswer({ ...session, userInfo }), ...(isSigned && { accessToken: session.skey, userInfo }) };
  } catch (error) {
    const isRefused =
      error instanceof ChatError && ["invalid_code", "forbidden", "account_disabled"].includes(error.code);
    if (!isRefused) throw error;
    return errorAnswer("ERR_LOGIN_FAILED", REFUSED);
  }
}

async function userInfoOf(
  context: Context,
  { people, publicUrl }: WaferRoutesParts,
  { openid: openId, userId }: { readonly openid: string; readonly userId: string },
): Promise<WaferUserInfo> {
  const { nickName, avatarUrl } = await people.person(userId);
  return { openId, nickName, avatarUrl: addressOf(baseOf(context, publicUrl), avatarUrl) };
}

/** `undefined` for no JSON, and for nothing at all. */
async function bodyOf(context: Context, clock: Pick<Clock, "after">): Promise<unknown> {
  const reading = readJson(await readBody(context, clock));
  return reading.kind === "value" ? reading.value : undefined;
}
