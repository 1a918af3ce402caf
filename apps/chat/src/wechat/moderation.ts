import { z } from "zod";
import type { WechatApi, WechatCall } from "./wechat-api.ts";
import { WechatError, type WechatErrorCode } from "./wechat-error.ts";

/** What to do with a text or a file: show it, let a person look first, or hold it back. */
export const SUGGESTIONS = ["pass", "review", "risky"] as const;

/** One of {@link SUGGESTIONS}. */
export type Suggestion = (typeof SUGGESTIONS)[number];

/** Where a text or a file stands, which decides how strict WeChat is. */
export const SCENES = { profile: 1, comment: 2, forum: 3, social_log: 4 } as const;

/** A judgement. */
export interface Verdict {
  readonly suggest: Suggestion;
  /** WeChat's kind of content, 100 for ordinary; `undefined` where WeChat did not judge. */
  readonly label: number | undefined;
  /** Why WeChat did not judge and the configuration decided; `undefined` where it did. */
  readonly unjudged: WechatErrorCode | undefined;
}

/** Who wrote a text or sent a file, and where it is shown. */
export interface ModerationSubject {
  /** Has to have used the application within two hours, or WeChat does not judge. */
  readonly openid: string;
  readonly scene: keyof typeof SCENES;
}

/** A text's subject. */
export interface TextSubject extends ModerationSubject {
  /** Judged together with the text. @defaultValue none */
  readonly nickname?: string;
}

/** A file's subject. */
export interface MediaSubject extends ModerationSubject {
  readonly media: "audio" | "image";
}

/** The outcome of {@link Moderation.checkMedia}. */
export type MediaCheck =
  /** WeChat pushes the verdict to the callback within half an hour, to whichever process is there. */
  { readonly kind: "pending"; readonly traceId: string } | { readonly kind: "judged"; readonly verdict: Verdict };

/** What {@link createModeration} works with. */
export interface ModerationOptions {
  /** Calls with an access token. */
  readonly api: WechatApi;
  /** The suggestion while WeChat cannot judge: `pass` fails open, `risky` fails closed. */
  readonly whenUnavailable: Suggestion;
}

/** Has texts and files judged by WeChat's content security. What goes wrong is part of the verdict; nothing rejects. */
export interface Moderation {
  /** Judges a text of any length; the most severe part decides. An empty text passes. */
  checkText(text: string, subject: TextSubject): Promise<Verdict>;
  /** Starts the judgement of a file of at most 10 MB that WeChat can download from `url`. */
  checkMedia(url: string, subject: MediaSubject): Promise<MediaCheck>;
}

const VERSION = 2;
const MEDIA_TYPES = { audio: 1, image: 2 } as const;

/** What WeChat takes in one call, in UTF-16 units. */
const PART_LENGTH = 2_500;
/** Parts overlap, so that nothing hides on a seam. */
const OVERLAP_LENGTH = 100;

const TEXT_ANSWER = z
  .object({ result: z.object({ suggest: z.enum(SUGGESTIONS), label: z.number() }) })
  .transform(({ result }): Verdict => ({ ...result, unjudged: undefined }));

const MEDIA_ANSWER = z.object({ trace_id: z.string().min(1) });

/** Makes a moderation that asks WeChat. */
export function createModeration({ api, whenUnavailable }: ModerationOptions): Moderation {
  const orFallback = async <T>(call: WechatCall<T>): Promise<T | Verdict> => {
    try {
      return await api.call(call);
    } catch (error) {
      if (error instanceof WechatError) return unjudgedVerdict(whenUnavailable, error.code);
      throw error;
    }
  };
  return {
    async checkText(text, { openid, scene, nickname }) {
      let verdict: Verdict = { suggest: "pass", label: 100, unjudged: undefined };
      const subject = { version: VERSION, openid, scene: SCENES[scene], ...(nickname !== undefined && { nickname }) };
      for (const content of partsOf(text)) {
        const body = { ...subject, content };
        verdict = worse(verdict, await orFallback({ path: "/wxa/msg_sec_check", body, answer: TEXT_ANSWER }));
        if (verdict.suggest === "risky") break;
      }
      return verdict;
    },
    async checkMedia(url, { openid, scene, media }) {
      const subject = { version: VERSION, openid, scene: SCENES[scene] };
      const body = { ...subject, media_url: url, media_type: MEDIA_TYPES[media] };
      const outcome = await orFallback({ path: "/wxa/media_check_async", body, answer: MEDIA_ANSWER });
      return "suggest" in outcome
        ? { kind: "judged", verdict: outcome }
        : { kind: "pending", traceId: outcome.trace_id };
    },
  };
}

/** The verdict of the configuration where WeChat gave none. */
export function unjudgedVerdict(whenUnavailable: Suggestion, why: WechatErrorCode): Verdict {
  return { suggest: whenUnavailable, label: undefined, unjudged: why };
}

function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = outsidePair(text, start + PART_LENGTH);
    parts.push(text.slice(start, end));
    start = end >= text.length ? end : outsidePair(text, end - OVERLAP_LENGTH);
  }
  return parts;
}

/** The index, or the one before where it would cut a surrogate pair. */
function outsidePair(text: string, index: number): number {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(index - 1, index + 1)) ? index - 1 : index;
}

function worse(one: Verdict, other: Verdict): Verdict {
  const isWorse = SUGGESTIONS.indexOf(other.suggest) > SUGGESTIONS.indexOf(one.suggest);
  // Of two that let a text pass, the one that WeChat did not give is the one to know of.
  return isWorse || (other.suggest === one.suggest && other.unjudged !== undefined) ? other : one;
}
