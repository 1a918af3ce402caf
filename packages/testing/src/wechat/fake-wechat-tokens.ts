import { randomBytes } from "node:crypto";
import type { Clock } from "@hutong/server/plugin";
import { type FakeWechatAnswer, type FakeWechatRequest, wechatFailure } from "./fake-wechat-endpoint.ts";
import { refuseCredentials, type WechatCredentials } from "./fake-wechat-login.ts";

const LIFETIME_MS = 7_200_000;
/** Time for which an old and a new token are valid together. */
const OVERLAP_MS = 300_000;
const DAY_MS = 86_400_000;
const FORCED_GAP_MS = 30_000;
const MAX_FORCED_PER_DAY = 20;

/** The access tokens of one application. Those of the two endpoints know nothing of each other. */
export class FakeWechatTokens {
  readonly #credentials: WechatCredentials;
  readonly #clock: Clock;
  /** When each token expires; forced refreshes take the old one out at once. */
  readonly #expiries = new Map<string, number>();
  #plain: string | undefined;
  #stable: string | undefined;
  #forcedAtMs: readonly number[] = [];

  constructor(credentials: WechatCredentials, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
  }

  /** Answers `/cgi-bin/token`: each call makes a token, and the one before ends five minutes later. */
  answerPlain({ query }: FakeWechatRequest): FakeWechatAnswer {
    const refusal = this.#refuseApplication(query);
    if (refusal !== undefined) return refusal;
    if (this.#plain !== undefined) {
      const endMs = Math.min(this.#expiries.get(this.#plain) ?? 0, this.#clock.now() + OVERLAP_MS);
      this.#expiries.set(this.#plain, endMs);
    }
    this.#plain = this.#issue();
    return this.#answer(this.#plain);
  }

  /** Answers `/cgi-bin/stable_token`: the same token until its last five minutes, unless a new one is forced. */
  answerStable({ method, fields }: FakeWechatRequest): FakeWechatAnswer {
    if (method !== "POST") return wechatFailure(43002);
    if (fields === undefined) return wechatFailure(47001);
    const refusal = this.#refuseApplication(fields);
    if (refusal !== undefined) return refusal;
    if (fields.get("force_refresh") === true) return this.#force();
    if (this.#stable === undefined || this.#leftMs(this.#stable) <= OVERLAP_MS) this.#stable = this.#issue();
    return this.#answer(this.#stable);
  }

  /** The refusal of an `access_token` parameter; `undefined` when it is good. */
  refuse({ query }: FakeWechatRequest): FakeWechatAnswer | undefined {
    const token = query.get("access_token") ?? "";
    if (token === "") return wechatFailure(41001);
    if (!this.#expiries.has(token)) return wechatFailure(40001);
    return this.#leftMs(token) > 0 ? undefined : wechatFailure(42001);
  }

  /** Ends every token before its time. */
  expire(): void {
    for (const token of this.#expiries.keys()) this.#expiries.set(token, this.#clock.now());
  }

  #force(): FakeWechatAnswer {
    const nowMs = this.#clock.now();
    this.#forcedAtMs = this.#forcedAtMs.filter((atMs) => nowMs - atMs < DAY_MS);
    const last = this.#forcedAtMs.at(-1) ?? -Infinity;
    if (this.#stable !== undefined && nowMs - last < FORCED_GAP_MS) return this.#answer(this.#stable);
    if (this.#forcedAtMs.length >= MAX_FORCED_PER_DAY) return wechatFailure(45009);
    this.#forcedAtMs = [...this.#forcedAtMs, nowMs];
    if (this.#stable !== undefined) this.#expiries.delete(this.#stable);
    this.#stable = this.#issue();
    return this.#answer(this.#stable);
  }

  #refuseApplication(parameters: { get(name: string): unknown }): FakeWechatAnswer | undefined {
    if (parameters.get("grant_type") !== "client_credential") return wechatFailure(40002);
    return refuseCredentials(parameters, this.#credentials);
  }

  #issue(): string {
    const token = `81_${randomBytes(48).toString("base64url")}`;
    this.#expiries.set(token, this.#clock.now() + LIFETIME_MS);
    return token;
  }

  #leftMs(token: string): number {
    return (this.#expiries.get(token) ?? 0) - this.#clock.now();
  }

  #answer(token: string): FakeWechatAnswer {
    return { access_token: token, expires_in: Math.floor(this.#leftMs(token) / 1_000) };
  }
}
