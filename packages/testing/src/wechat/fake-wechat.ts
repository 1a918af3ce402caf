import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "@hutong/server/plugin";
import { FakeWechatAccount, type WechatProfile } from "./fake-wechat-account.ts";
import { type FakeWechatEndpoint, type FakeWechatRequest, readFields, wechatFailure } from "./fake-wechat-endpoint.ts";
import { type FakeWechatFault, type FakeWechatFaultOptions, FakeWechatFaults } from "./fake-wechat-faults.ts";
import { FakeWechatLogin, type WechatCredentials } from "./fake-wechat-login.ts";
import { FakeWechatPushes } from "./fake-wechat-pushes.ts";
import { FakeWechatSecurity } from "./fake-wechat-security.ts";
import { FakeWechatSubscriptions } from "./fake-wechat-subscriptions.ts";
import { FakeWechatTokens } from "./fake-wechat-tokens.ts";

/** Options of {@link createFakeWechat}. */
export interface FakeWechatOptions extends WechatCredentials {
  /** Decides when codes, tokens and activity run out, and when events are pushed. */
  readonly clock: Clock;
}

/** Longest body, in bytes. */
const MAX_BODY_BYTES = 1_000_000;

/** WeChat's cloud as one application sees it: its accounts, and an HTTP server with the interfaces that servers call. */
export class FakeWechat implements AsyncDisposable {
  /** What people accepted and what was sent to them. */
  readonly subscriptions: FakeWechatSubscriptions;
  /** Decides which texts and files are risky. */
  readonly security: FakeWechatSecurity;
  /** Where events are pushed to. */
  readonly pushes: FakeWechatPushes;
  /** The access tokens that are out. */
  readonly tokens: FakeWechatTokens;
  readonly #options: FakeWechatOptions;
  readonly #login: FakeWechatLogin;
  readonly #accounts = new Map<string, FakeWechatAccount>();
  readonly #faults = new FakeWechatFaults();
  readonly #callCounts = new Map<string, number>();
  readonly #endpoints: ReadonlyMap<string, FakeWechatEndpoint>;
  readonly #http: Server;

  constructor(options: FakeWechatOptions) {
    const { appId, clock } = options;
    this.#options = options;
    this.#login = new FakeWechatLogin(options, clock);
    this.tokens = new FakeWechatTokens(options, clock);
    this.pushes = new FakeWechatPushes(clock);
    this.security = new FakeWechatSecurity({ appId, clock, accounts: this.#accounts, pushes: this.pushes });
    this.subscriptions = new FakeWechatSubscriptions(this.#accounts);
    this.#endpoints = this.#createEndpoints();
    this.#http = createServer((request, response) => void this.#serve(request, response));
  }

  /**
   * Base address without a final slash, for example `http://127.0.0.1:41234`.
   *
   * @throws {Error} before `listen` has resolved.
   */
  get url(): string {
    const address = this.#http.address();
    if (!isTcp(address)) throw new Error("the fake WeChat does not listen; await listen() first");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Listens on a free port of this machine. Resolves with the base address. */
  async listen(): Promise<string> {
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
    return this.url;
  }

  /** The account with this openid; made with the profile, or given the profile, when one is passed. */
  account(openid: string, profile?: WechatProfile): FakeWechatAccount {
    const account = this.#accounts.get(openid);
    if (account !== undefined) {
      if (profile !== undefined) account.profile = profile;
      return account;
    }
    const { appId, clock } = this.#options;
    const issueCode = this.#login.issue.bind(this.#login);
    const parts = { appId, clock, issueCode };
    const created = new FakeWechatAccount(openid, profile ?? { nickName: "微信用户" }, parts);
    this.#accounts.set(openid, created);
    return created;
  }

  /** Makes the next calls go wrong. Several faults act one after the other. */
  failNext(fault: FakeWechatFault, options: FakeWechatFaultOptions = {}): void {
    this.#faults.add(fault, options);
  }

  /** How often a path was called, faults included. */
  callCount(path: string): number {
    return this.#callCounts.get(path) ?? 0;
  }

  /** Gives up pushes, tears connections and stops listening. Resolves when all is done. */
  async close(): Promise<void> {
    await this.pushes.close();
    if (!this.#http.listening) return;
    const closed = once(this.#http, "close");
    this.#http.close();
    this.#http.closeAllConnections();
    await closed;
  }

  /** As {@link FakeWechat.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #createEndpoints(): ReadonlyMap<string, FakeWechatEndpoint> {
    const withToken =
      (answer: FakeWechatEndpoint): FakeWechatEndpoint =>
      (request) =>
        this.tokens.refuse(request) ?? answer(request);
    return new Map<string, FakeWechatEndpoint>([
      ["/sns/jscode2session", (request) => this.#login.exchange(request)],
      ["/cgi-bin/token", (request) => this.tokens.answerPlain(request)],
      ["/cgi-bin/stable_token", (request) => this.tokens.answerStable(request)],
      ["/wxa/msg_sec_check", withToken((request) => this.security.checkText(request))],
      ["/wxa/media_check_async", withToken((request) => this.security.checkMedia(request))],
      ["/cgi-bin/message/subscribe/send", withToken((request) => this.subscriptions.send(request))],
    ]);
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
    this.#callCounts.set(pathname, this.callCount(pathname) + 1);
    const { socket } = incoming; // a request that was not read to its end loses it
    const body = await readBody(incoming);
    const fault = this.#faults.take(pathname);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "cut" || body === undefined) {
      socket.destroy();
      return;
    }
    if (fault?.kind === "bad_gateway") {
      response.writeHead(502, { "content-type": "text/html" }).end("<html><h1>502 Bad Gateway</h1></html>");
      return;
    }
    const request = { method: incoming.method ?? "GET", query: searchParams, fields: readFields(body) };
    const answer = fault === undefined ? this.#answer(pathname, request) : wechatFailure(fault.errcode);
    // WeChat sends JSON under this type, and errors with this status.
    response.writeHead(200, { "content-type": "text/plain" }).end(JSON.stringify(answer));
  }

  #answer(path: string, request: FakeWechatRequest): object {
    return this.#endpoints.get(path)?.(request) ?? wechatFailure(40066);
  }
}

/**
 * Makes a WeChat cloud for tests and for running mini-programs without WeChat.
 *
 * @example
 * await using wechat = createFakeWechat({ appId: "wx-test", appSecret: "secret", clock });
 * const baseUrl = await wechat.listen();
 * const code = wechat.account("o-ada", { nickName: "Ada" }).login();
 */
export function createFakeWechat(options: FakeWechatOptions): FakeWechat {
  return new FakeWechat(options);
}

function isTcp(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

/** The body as text; `undefined` when it is too long or its sender is gone. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > MAX_BODY_BYTES) return undefined;
      chunks.push(part);
    }
  } catch {
    return undefined; // the stream throws when the connection is torn
  }
  return Buffer.concat(chunks).toString("utf8");
}
