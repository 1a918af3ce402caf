import type { EnvironmentReader } from "../environment.ts";

/** What a notice to somebody who is away can tell. */
export const NOTICE_FIELDS = ["sender", "text", "time"] as const;

/** A template of WeChat's, and what its fields are filled with. */
export interface NoticeTemplate {
  readonly id: string;
  /** The template's own field name → what stands there. */
  readonly fields: ReadonlyMap<string, (typeof NOTICE_FIELDS)[number]>;
  /** The page that a tap opens. @defaultValue the first one */
  readonly page: string | undefined;
}

/** What the operator says about WeChat. */
export interface WechatConfig {
  /** Of the mini-program: `HUTONG_WECHAT_APP_ID`. */
  readonly appId: string;
  /** Stays on servers: `HUTONG_WECHAT_SECRET`. */
  readonly appSecret: string;
  /** Where WeChat's interfaces are: `HUTONG_WECHAT_API_URL`. @defaultValue WeChat */
  readonly apiUrl: string | undefined;
  /** The token of WeChat's message push: `HUTONG_WECHAT_PUSH_TOKEN`. @defaultValue none: pushes are refused */
  readonly pushToken: string | undefined;
  /**
   * Whether WeChat judges texts and pictures, and what becomes of them while it cannot: `"lenient"` lets them pass, `"strict"` holds them
   * back. `HUTONG_WECHAT_MODERATION`. @defaultValue `"off"`
   */
  readonly moderation: "off" | "lenient" | "strict";
  /** How people who are away hear of a message: `HUTONG_WECHAT_NOTICE`. @defaultValue they do not */
  readonly notice: NoticeTemplate | undefined;
}

/** Reads what begins with `HUTONG_WECHAT`. `undefined` where there is no application. */
export function readWechatConfig(reader: EnvironmentReader): WechatConfig | undefined {
  const appId = reader.optional("HUTONG_WECHAT_APP_ID");
  const appSecret = reader.optional("HUTONG_WECHAT_SECRET");
  const apiUrl = readApiUrl(reader);
  const pushToken = reader.optional("HUTONG_WECHAT_PUSH_TOKEN");
  const moderation = reader.choice("HUTONG_WECHAT_MODERATION", ["off", "lenient", "strict"], "off");
  const notice = readNotice(reader);
  if (appId !== undefined && appSecret !== undefined)
    return { appId, appSecret, apiUrl, pushToken, moderation, notice };
  // The secret itself is not told.
  if (appId !== undefined) reader.problems.push(`HUTONG_WECHAT_APP_ID is "${appId}", set HUTONG_WECHAT_SECRET too`);
  if (appSecret !== undefined) reader.problems.push("HUTONG_WECHAT_SECRET is set, set HUTONG_WECHAT_APP_ID too");
  return undefined;
}

function readApiUrl(reader: EnvironmentReader): string | undefined {
  const text = reader.optional("HUTONG_WECHAT_API_URL");
  if (text === undefined || (/^https?:\/\/[^?#]+[^/?#]$/.test(text) && URL.canParse(text))) return text;
  reader.problems.push(`HUTONG_WECHAT_API_URL is "${text}", write https://api.example.com without a final slash`);
  return undefined;
}

/** `<template id> thing1=sender thing2=text`, and perhaps `page=pages/chat/chat`. */
function readNotice(reader: EnvironmentReader): NoticeTemplate | undefined {
  const text = reader.optional("HUTONG_WECHAT_NOTICE");
  if (text === undefined) return undefined;
  const [id = "", ...pairs] = text.trim().split(/\s+/);
  const fields = new Map<string, (typeof NOTICE_FIELDS)[number]>();
  let page: string | undefined;
  for (const pair of pairs) {
    const [name = "", value = ""] = pair.split("=", 2);
    const field = NOTICE_FIELDS.find((candidate) => candidate === value);
    if (name === "page" && value !== "") page = value;
    else if (/^[a-z_]+\d*$/.test(name) && field !== undefined) fields.set(name, field);
    else
      reader.problems.push(
        `HUTONG_WECHAT_NOTICE has "${pair}", write thing1=sender, thing2=text, time3=time or page=…`,
      );
  }
  if (fields.size > 0 || reader.problems.length > 0) return { id, fields, page };
  reader.problems.push(`HUTONG_WECHAT_NOTICE is "${text}", write <template id> thing1=sender thing2=text`);
  return undefined;
}
