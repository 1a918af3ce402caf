import { z } from "zod";
import { type Suggestion, SUGGESTIONS, unjudgedVerdict, type Verdict } from "./moderation.ts";
import { readPushXml } from "./push-xml.ts";
import { isSignedPush } from "./signature.ts";

/** A request to the address that WeChat pushes events to. */
export interface PushRequest {
  readonly method: string;
  readonly query: { get(name: string): string | null };
  /** Plain JSON or XML; `""` for a GET. */
  readonly body: string;
}

/** What a push is checked against. */
export interface PushContext {
  readonly appId: string;
  /** The token that was entered in WeChat's console. */
  readonly token: string;
  /** In milliseconds since 1970. */
  readonly nowMs: number;
  /** The suggestion for a file that WeChat could not judge. */
  readonly whenUnavailable: Suggestion;
}

/** What a push says. */
export type PushReading =
  /** WeChat tries the address: answer 200 with the text, as it is and as plain text. */
  | { readonly kind: "echo"; readonly text: string }
  /** The verdict of a media check. Answer `success`. The same may come several times. */
  | { readonly kind: "media_check"; readonly traceId: string; readonly verdict: Verdict }
  /** Another event. Answer `success`, or WeChat sends it again. */
  | { readonly kind: "other" }
  /** Not WeChat, or not for us: answer 403. */
  | { readonly kind: "refused"; readonly code: "bad_signature" | "stale" | "unreadable" | "foreign" };

/** A signature covers no body, so one that leaked is good for a while only. */
const MAX_AGE_MS = 300_000;

const MEDIA_EVENT = "wxa_media_check";

/** Numbers are text in XML. */
const EVENT = z.object({ Event: z.string().optional() });
const MEDIA_CHECK = z.object({
  appid: z.string(),
  trace_id: z.string().min(1),
  errcode: z.coerce.number().default(0),
  result: z.object({ suggest: z.enum(SUGGESTIONS), label: z.coerce.number() }).optional(),
});

/** Reads a request of WeChat's. Encrypted pushes are `other`: the console has to be set to plain text. */
export function readPush(request: PushRequest, context: PushContext): PushReading {
  const [signature = "", timestamp = "", nonce = "", echostr] = ["signature", "timestamp", "nonce", "echostr"].map(
    (name) => request.query.get(name) ?? undefined,
  );
  if (!isSignedPush({ signature, timestamp, nonce }, context.token)) return { kind: "refused", code: "bad_signature" };
  const ageMs = Math.abs(context.nowMs - Number(timestamp) * 1_000);
  // Negated, so that a timestamp that is no number is stale as well.
  if (!(ageMs <= MAX_AGE_MS)) return { kind: "refused", code: "stale" };
  if (request.method === "GET") {
    return echostr === undefined ? { kind: "refused", code: "unreadable" } : { kind: "echo", text: echostr };
  }
  return readEvent(request.body, context);
}

function readEvent(body: string, { appId, whenUnavailable }: PushContext): PushReading {
  const fields = readBody(body);
  const event = EVENT.safeParse(fields);
  if (!event.success) return { kind: "refused", code: "unreadable" };
  if (event.data.Event !== MEDIA_EVENT) return { kind: "other" };
  const check = MEDIA_CHECK.safeParse(fields);
  if (!check.success) return { kind: "refused", code: "unreadable" };
  const { appid, trace_id: traceId, errcode, result } = check.data;
  if (appid !== appId) return { kind: "refused", code: "foreign" };
  const isJudged = errcode === 0 && result !== undefined;
  const verdict = isJudged ? { ...result, unjudged: undefined } : unjudgedVerdict(whenUnavailable, "unavailable");
  return { kind: "media_check", traceId, verdict };
}

function readBody(body: string): unknown {
  if (body.trimStart().startsWith("<")) return readPushXml(body.trim());
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // JSON.parse throws for what is no JSON
  }
}
