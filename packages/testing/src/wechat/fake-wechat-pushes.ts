import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "@hutong/server/plugin";

/** Where the cloud pushes events to, as an operator enters it in WeChat's console. */
export interface WechatPushTarget {
  /** Address of the application's callback. */
  readonly url: string;
  /** The secret that both sides sign with. */
  readonly token: string;
  /** @defaultValue `"json"` */
  readonly format?: "json" | "xml";
}

/** A value in a pushed event. */
export type WechatPushValue = string | number | WechatPushEvent | readonly WechatPushEvent[];

/** A pushed event. */
export interface WechatPushEvent {
  /** In XML a list becomes as many elements of the name. */
  readonly [name: string]: WechatPushValue;
}

/** What became of one push. */
export interface WechatPushDelivery {
  /** What was pushed, as JSON or XML. */
  readonly body: string;
  /** The HTTP status of the callback; 0 when it could not be reached. */
  readonly status: number;
  /** What the callback answered. */
  readonly answer: string;
}

/** WeChat waits this long for a callback, in milliseconds. */
const CALLBACK_LIMIT_MS = 5_000;

/** Pushes events to the application's callback, signed as WeChat signs them, in plain JSON or XML, once each. */
export class FakeWechatPushes {
  /** Every push so far, in the order of their ends. */
  readonly deliveries: WechatPushDelivery[] = [];
  readonly #clock: Clock;
  readonly #timers = new Set<() => void>();
  readonly #underway = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  #target: WechatPushTarget | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks the callback to echo a text, as the console does, and pushes to it from now on if it does. Tells whether it did. */
  async register(target: WechatPushTarget): Promise<boolean> {
    const echo = randomBytes(8).toString("hex");
    const response = await fetch(`${this.#signedUrl(target)}&echostr=${echo}`, { signal: this.#closed.signal });
    const isEchoed = (await response.text()) === echo;
    if (isEchoed) this.#target = target;
    return isEchoed;
  }

  /** Pushes an event after a delay by the clock; nothing happens where no callback is registered. */
  push(event: WechatPushEvent, delayMs: number): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      if (this.#target === undefined) return;
      const delivery = this.#deliver(this.#target, event).finally(() => this.#underway.delete(delivery));
      this.#underway.add(delivery);
    });
    this.#timers.add(cancel);
  }

  /** Gives up every push, and resolves when none is underway. */
  async close(): Promise<void> {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#closed.abort();
    await Promise.all(this.#underway);
  }

  async #deliver(target: WechatPushTarget, event: WechatPushEvent): Promise<void> {
    const isXml = target.format === "xml";
    const body = isXml ? `<xml>${toXml(event)}</xml>` : JSON.stringify(event);
    const headers = { "content-type": isXml ? "text/xml" : "application/json" };
    const late = new AbortController();
    const cancel = this.#clock.after(CALLBACK_LIMIT_MS, () => late.abort());
    try {
      const signal = AbortSignal.any([this.#closed.signal, late.signal]);
      const response = await fetch(this.#signedUrl(target), { method: "POST", headers, body, signal });
      this.deliveries.push({ body, status: response.status, answer: await response.text() });
    } catch {
      this.deliveries.push({ body, status: 0, answer: "" }); // refused, torn or late: all the same to the cloud
    } finally {
      cancel();
    }
  }

  #signedUrl({ url, token }: WechatPushTarget): string {
    const timestamp = String(Math.floor(this.#clock.now() / 1_000));
    const nonce = String(randomBytes(4).readUInt32BE());
    const signature = createHash("sha1").update([token, timestamp, nonce].sort().join("")).digest("hex");
    return `${url}${url.includes("?") ? "&" : "?"}signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`;
  }
}

function toXml(event: WechatPushEvent): string {
  return Object.entries(event)
    .flatMap(([name, value]) => (isList(value) ? value : [value]).map((one) => `<${name}>${toContent(one)}</${name}>`))
    .join("");
}

function isList(value: WechatPushValue): value is readonly WechatPushEvent[] {
  return Array.isArray(value);
}

function toContent(value: string | number | WechatPushEvent): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? `<![CDATA[${value.replaceAll("]]>", "]]]]><![CDATA[>")}]]>` : toXml(value);
}
