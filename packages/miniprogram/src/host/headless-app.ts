import { scheduler } from "node:timers/promises";
import { Bridge } from "../bus/bridge.ts";
import type { BusClient } from "../bus/bus.ts";
import { BusSession } from "../bus/bus-session.ts";
import { connectInMemory } from "../bus/memory-bus.ts";
import type { InvokeResult } from "../bus/message.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { CompiledProject } from "../compiler/compiled-project.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import type { ConsoleLine } from "../service/console.ts";
import { type Service, startService } from "../service/service.ts";
import type { HostMap } from "./address-guard.ts";
import { HeadlessView } from "./headless-view.ts";
import { MiniProgram } from "./mini-program.ts";
import { type WechatAccount, WechatAccounts } from "./wechat-accounts.ts";

/** Turns of the event loop in which a message passes through all parts and its answer comes back. */
const SETTLE_TURNS = 8;

/** Options of {@link openHeadless}. */
export interface HeadlessOptions {
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock;
  /** Where hosts that the project names lead. @defaultValue nowhere */
  readonly map?: HostMap;
  /** @defaultValue a person called Panda */
  readonly account?: WechatAccount;
  /** Answers what the phone would show: `showModal`, `chooseImage` and so on. @defaultValue says yes to everything */
  readonly answer?: (api: string, args: Readonly<Record<string, unknown>>) => object;
  /** Address of the page to start with. @defaultValue the entry page */
  readonly startUrl?: string;
}

/** One page that is open. */
export interface HeadlessPage {
  /** Number of the page. */
  readonly webviewId: number;
  /** Path of the page, without a leading slash. */
  readonly path: string;
  readonly view: HeadlessView;
}

/**
 * Runs a compiled project in plain Node, without a screen: its logic layer, the host, and a tree for each
 * page. For tests of projects.
 *
 * @example
 * await using app = await openHeadless(project);
 * app.top.view.tap(app.top.view.root.find(".plus"));
 */
export async function openHeadless(project: CompiledProject, options: HeadlessOptions = {}): Promise<HeadlessApp> {
  const app = new HeadlessApp(project, options);
  await app.start();
  return app;
}

/** A mini-program that runs without a screen. */
export class HeadlessApp implements AsyncDisposable {
  /** Lines of the project's console so far. */
  readonly console: ConsoleLine[] = [];
  /** Calls that reached the phone so far, with their arguments. */
  readonly calls: { readonly api: string; readonly args: unknown }[] = [];
  /** The host's side, to send the mini-program to the background and back. */
  readonly host: MiniProgram;
  readonly #options: HeadlessOptions;
  readonly #session: BusSession;
  readonly #phone: Bridge;
  readonly #phoneClient: BusClient;
  readonly #pages = new Map<number, HeadlessPage>();
  #stack: readonly number[] = [];
  #service: Promise<Service> | undefined;

  /** Use {@link openHeadless}. */
  constructor(project: CompiledProject, options: HeadlessOptions) {
    const clock = options.clock ?? systemClock;
    const profile = { openId: "panda", nickName: "Panda", avatarUrl: "" };
    this.#options = options;
    this.#session = new BusSession({ clock });
    this.host = new MiniProgram({
      clock,
      session: this.#session,
      project,
      map: options.map ?? new Map(),
      account: options.account ?? new WechatAccounts(clock).account(profile, project.config.appId),
      storage: new Map(),
      ...(options.startUrl !== undefined && { startUrl: options.startUrl }),
    });
    this.#phoneClient = connectInMemory(this.#session, "CONTROL");
    this.#phone = new Bridge(this.#phoneClient);
    this.#listen();
  }

  /** Starts the logic layer and resolves when its first page is ready. */
  async start(): Promise<void> {
    const clock = this.#options.clock ?? systemClock;
    this.#service = startService({ bus: connectInMemory(this.#session, "APPSERVICE"), clock });
    await this.#service;
    await this.settle();
  }

  /** The page that would be seen. */
  get top(): HeadlessPage {
    const page = this.#pages.get(this.#stack.at(-1) ?? 0);
    if (page === undefined) throw new Error("no page is open");
    return page;
  }

  /** The pages on the stack, the top one last. */
  get pages(): readonly HeadlessPage[] {
    return this.#stack.flatMap((id) => this.#pages.get(id) ?? []);
  }

  /** Waits until everything that depends on nothing but other parts of the runner has happened. */
  async settle(): Promise<void> {
    for (let count = 0; count < SETTLE_TURNS; count++) await scheduler.yield();
  }

  /** Ends the logic layer, the pages and the network. */
  async close(): Promise<void> {
    this.host.close();
    await (await this.#service)?.close();
    for (const { view } of this.#pages.values()) await view.close();
    await this.#phoneClient.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #listen(): void {
    const phone = this.#phone;
    phone.on("route", (data) => this.#routed(data));
    phone.on("restart", () => void this.#restart());
    phone.on("console", (data) => {
      if (isRecord(data)) this.console.push({ level: "log", text: "", ...data });
    });
    phone.on("CONTROL_INVOKE", (message) => this.#answer(message));
  }

  #routed(data: unknown): void {
    if (!isRecord(data)) return;
    const webviewId = numberOf(data["webviewId"]);
    this.#stack = Array.isArray(data["stack"]) ? data["stack"].map(Number) : [];
    if (this.#pages.has(webviewId)) return;
    const view = new HeadlessView(connectInMemory(this.#session, `WEBVIEW_${webviewId}`));
    this.#pages.set(webviewId, { webviewId, path: textOf(data["path"]), view });
  }

  async #restart(): Promise<void> {
    const service = await this.#service;
    await service?.close();
    await this.start();
  }

  #answer(message: unknown): void {
    const data = isRecord(message) && isRecord(message["data"]) ? message["data"] : {};
    const api = textOf(data["api"]);
    const args = isRecord(data["args"]) ? data["args"] : {};
    this.calls.push({ api, args });
    const answer = this.#options.answer ?? sayYes;
    const res: InvokeResult = { errMsg: `${api}:ok`, ...answer(api, args) };
    this.#phone.send({ command: "CONTROL_INVOKE_CALLBACK", data: { callbackID: numberOf(data["callbackID"]), res } });
  }
}

function sayYes(api: string): object {
  if (api === "showModal") return { confirm: true, cancel: false };
  return api === "showActionSheet" ? { tapIndex: 0 } : {};
}
