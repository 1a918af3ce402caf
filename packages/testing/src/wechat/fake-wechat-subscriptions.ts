import type { FakeWechatAccount } from "./fake-wechat-account.ts";
import { type FakeWechatAnswer, type FakeWechatRequest, textField, wechatFailure } from "./fake-wechat-endpoint.ts";

/** A subscribe message that reached a phone. */
export interface WechatSubscribeMessage {
  /** Whose phone. */
  readonly openid: string;
  /** The template that was filled in. */
  readonly templateId: string;
  /** The page that a tap opens; `""` opens the first. */
  readonly page: string;
  /** Value of each field of the template. */
  readonly values: ReadonlyMap<string, string>;
}

const MAX_THING_LENGTH = 20;

/** Counts what people accepted; each accept is good for one message. */
export class FakeWechatSubscriptions {
  /** Messages that reached phones, in order. */
  readonly sent: WechatSubscribeMessage[] = [];
  readonly #accounts: ReadonlyMap<string, FakeWechatAccount>;
  readonly #templates = new Map<string, readonly string[]>();
  readonly #accepts = new Map<string, number>();

  constructor(accounts: ReadonlyMap<string, FakeWechatAccount>) {
    this.#accounts = accounts;
  }

  /** Makes a template with these fields, for example `thing1` and `time2`. */
  addTemplate(templateId: string, fields: readonly string[]): void {
    this.#templates.set(templateId, fields);
  }

  /** A person taps "allow" once. */
  accept(openid: string, templateId: string): void {
    const key = keyOf(openid, templateId);
    this.#accepts.set(key, (this.#accepts.get(key) ?? 0) + 1);
  }

  /** Answers `/cgi-bin/message/subscribe/send`. */
  send(request: FakeWechatRequest): FakeWechatAnswer {
    if (request.method !== "POST") return wechatFailure(43002);
    if (request.fields === undefined) return wechatFailure(47001);
    const openid = textField(request, "touser");
    if (!this.#accounts.has(openid)) return wechatFailure(40003);
    const templateId = textField(request, "template_id");
    const fields = this.#templates.get(templateId);
    if (fields === undefined) return wechatFailure(40037);
    const page = textField(request, "page");
    if (page !== "" && !/^[\w-]+(\/[\w-]+)*(\?.*)?$/.test(page)) return wechatFailure(41030);
    const values = readValues(request.fields.get("data"), fields);
    if (values === undefined) return wechatFailure(47003);
    const key = keyOf(openid, templateId);
    const acceptCount = this.#accepts.get(key) ?? 0;
    if (acceptCount === 0) return wechatFailure(43101);
    this.#accepts.set(key, acceptCount - 1);
    this.sent.push({ openid, templateId, page, values });
    return { errcode: 0, errmsg: "ok", msgid: this.sent.length };
  }
}

function keyOf(openid: string, templateId: string): string {
  return JSON.stringify([openid, templateId]);
}

function readValues(data: unknown, fields: readonly string[]): ReadonlyMap<string, string> | undefined {
  const given = new Map<string, unknown>(Object.entries(data ?? {}));
  const values = new Map<string, string>();
  for (const field of fields) {
    const entry = given.get(field);
    const value = typeof entry === "object" && entry !== null && "value" in entry ? entry.value : undefined;
    if (typeof value !== "string" || value === "") return undefined;
    if (field.startsWith("thing") && value.length > MAX_THING_LENGTH) return undefined;
    values.set(field, value);
  }
  return values;
}
