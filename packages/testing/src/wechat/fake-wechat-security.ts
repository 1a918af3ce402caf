import { randomUUID } from "node:crypto";
import type { Clock } from "@hutong/server/plugin";
import type { FakeWechatAccount } from "./fake-wechat-account.ts";
import { type FakeWechatAnswer, type FakeWechatRequest, textField, wechatFailure } from "./fake-wechat-endpoint.ts";
import type { FakeWechatPushes } from "./fake-wechat-pushes.ts";

/** What content security thinks of a text or a file. */
export interface WechatJudgement {
  /** Whether to show it, to have a person look first, or to hold it back. */
  readonly suggest: "pass" | "review" | "risky";
  /** The kind of content: 100 is ordinary, 20001 politics, 20002 pornography, 20003 abuse, 20008 fraud. */
  readonly label: number;
}

/** What {@link FakeWechatSecurity} works with. */
export interface FakeWechatSecurityParts {
  /** Stands in pushed events. */
  readonly appId: string;
  /** Decides who was here lately. */
  readonly clock: Clock;
  /** By openid. */
  readonly accounts: ReadonlyMap<string, FakeWechatAccount>;
  /** Takes the verdicts of media checks. */
  readonly pushes: FakeWechatPushes;
}

const PASS: WechatJudgement = { suggest: "pass", label: 100 };
const SEVERITY = ["pass", "review", "risky"] as const;
const ACTIVE_MS = 7_200_000;
const MAX_CONTENT_LENGTH = 2_500;
/** Time from a media check to its push, in milliseconds; WeChat takes up to half an hour. */
const MEDIA_CHECK_MS = 1_000;
const NOT_DOWNLOADED = -1008;

/** Content security that knows only the words and addresses that it is told of; everything else passes. */
export class FakeWechatSecurity {
  readonly #parts: FakeWechatSecurityParts;
  readonly #words = new Map<string, WechatJudgement>();
  readonly #media = new Map<string, WechatJudgement | undefined>();

  constructor(parts: FakeWechatSecurityParts) {
    this.#parts = parts;
  }

  /** From now on texts that hold the word get this judgement; the most severe word decides. */
  judgeWord(word: string, judgement: WechatJudgement): void {
    this.#words.set(word, judgement);
  }

  /** From now on the file at this address gets this judgement; `undefined` means that it cannot be downloaded. */
  judgeMedia(url: string, judgement: WechatJudgement | undefined): void {
    this.#media.set(url, judgement);
  }

  /** Answers `/wxa/msg_sec_check`, version 2. */
  checkText(request: FakeWechatRequest): FakeWechatAnswer {
    const refusal = this.#refuse(request);
    if (refusal !== undefined) return refusal;
    const content = textField(request, "content");
    if (content === "") return wechatFailure(44002);
    if (content.length > MAX_CONTENT_LENGTH) return wechatFailure(45002);
    // The nickname is judged with the text, as a sender that chose it is.
    const text = `${content}\n${textField(request, "nickname")}`;
    const hits = [...this.#words].filter(([word]) => text.includes(word));
    const detail = hits.map(([keyword, hit]) => ({ strategy: "keyword", errcode: 0, ...hit, level: 20, keyword }));
    const result = hits.map(([, hit]) => hit).reduce(worse, PASS);
    return { errcode: 0, errmsg: "ok", trace_id: randomUUID(), result: { ...result }, detail };
  }

  /** Answers `/wxa/media_check_async`, version 2; the judgement is pushed a second later. */
  checkMedia(request: FakeWechatRequest): FakeWechatAnswer {
    const refusal = this.#refuse(request);
    if (refusal !== undefined) return refusal;
    const type = request.fields?.get("media_type");
    if (type !== 1 && type !== 2) return wechatFailure(40004);
    const url = textField(request, "media_url");
    if (!URL.canParse(url)) return wechatFailure(40066);
    const traceId = randomUUID();
    this.#pushJudgement(traceId, url, textField(request, "openid"));
    return { errcode: 0, errmsg: "ok", trace_id: traceId };
  }

  #refuse(request: FakeWechatRequest): FakeWechatAnswer | undefined {
    const { method, fields } = request;
    if (method !== "POST") return wechatFailure(43302);
    if (fields === undefined || fields.has("access_token") || fields.get("version") !== 2) return wechatFailure(47001);
    const account = this.#parts.accounts.get(textField(request, "openid"));
    if (account === undefined) return wechatFailure(40003);
    const scene = fields.get("scene");
    if (scene !== 1 && scene !== 2 && scene !== 3 && scene !== 4) return wechatFailure(40129);
    return this.#parts.clock.now() - account.activeAtMs <= ACTIVE_MS ? undefined : wechatFailure(61010);
  }

  #pushJudgement(traceId: string, url: string, openid: string): void {
    const { appId, clock, pushes } = this.#parts;
    const judgement = this.#media.has(url) ? this.#media.get(url) : PASS;
    const errcode = judgement === undefined ? NOT_DOWNLOADED : 0;
    const { suggest, label } = judgement ?? PASS;
    const head = {
      ToUserName: "gh_fake",
      FromUserName: openid,
      CreateTime: Math.floor((clock.now() + MEDIA_CHECK_MS) / 1_000),
      MsgType: "event",
      Event: "wxa_media_check",
    };
    const detail = [{ strategy: "content_model", errcode, suggest, label, prob: 90 }];
    const body = {
      appid: appId,
      trace_id: traceId,
      version: 2,
      detail,
      errcode,
      errmsg: errcode === 0 ? "ok" : "fail",
    };
    pushes.push({ ...head, ...body, ...(judgement && { result: { suggest, label } }) }, MEDIA_CHECK_MS);
  }
}

function worse(one: WechatJudgement, other: WechatJudgement): WechatJudgement {
  return SEVERITY.indexOf(other.suggest) > SEVERITY.indexOf(one.suggest) ? other : one;
}
