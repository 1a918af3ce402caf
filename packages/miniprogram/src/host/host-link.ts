import { Bridge } from "../bus/bridge.ts";
import type { BusClient } from "../bus/bus.ts";
import type { BusMessage } from "../bus/message.ts";
import { isRecord, numberOf } from "../is-record.ts";
import { type ApiArguments, type ApiTable, runApi } from "./api-table.ts";
import { HostFailure } from "./host-failure.ts";

/** The host's end of the bus: what it tells and asks the phone, the logic layer and the pages. */
export class HostLink {
  readonly #bridge: Bridge;
  readonly #hasService: () => boolean;
  readonly #results = new Map<number, (result: unknown) => void>();
  #lastReply = 0;

  /** `hasService` says whether there is a logic layer; without one, nothing is kept for the next. */
  constructor(client: BusClient, hasService: () => boolean) {
    this.#bridge = new Bridge(client);
    this.#hasService = hasService;
  }

  /** Answers calls of the logic layer and of pages from now on; those of pages bring their `webviewId`. */
  answer(apis: ApiTable): void {
    const handlers = new Map(Object.entries({ ...apis, ...this.#apis() }));
    for (const command of ["APPSERVICE_INVOKE", "WEBVIEW_INVOKE"] as const) {
      this.#bridge.on(command, (message) => void this.#answer(message, handlers));
    }
  }

  /** Handles what the phone tells under that name. */
  onPhone(eventName: string, handler: (data: Readonly<Record<string, unknown>>) => void): void {
    this.#bridge.on(eventName, (data) => handler(isRecord(data) ? data : {}));
  }

  /** Tells the phone. */
  tellPhone(eventName: string, data: object): void {
    this.#bridge.send({ command: "CONTROL_ON_EVENT", data: { eventName, data } });
  }

  /** Tells the logic layer. */
  tellService(eventName: string, data: object): void {
    if (this.#hasService()) this.#bridge.send({ command: "APPSERVICE_ON_EVENT", data: { eventName, data } });
  }

  /** Tells what draws a page. */
  tellView(webviewID: number, eventName: string, data: object): void {
    this.#bridge.send({ command: "WEBVIEW_ON_EVENT", data: { eventName, data }, webviewID });
  }

  /** Calls a function of a page in the logic layer. */
  tellPage(webviewID: number, name: string, value?: unknown): void {
    this.#pageEvent(webviewID, { name, value: value ?? null });
  }

  /** Calls a function of a page, and gives what it returned. */
  askPage(webviewID: number, name: string, value: unknown): Promise<unknown> {
    const replyTo = ++this.#lastReply;
    return new Promise((resolve) => {
      this.#results.set(replyTo, resolve);
      this.#pageEvent(webviewID, { name, value, replyTo });
    });
  }

  /**
   * Has the phone carry out a call.
   *
   * @throws {HostFailure} with the phone's reason.
   */
  async askPhone(api: string, args: ApiArguments): Promise<object> {
    const result = await this.#bridge.invoke("CONTROL_INVOKE", api, args);
    if (/:(fail )?cancel/.test(result.errMsg)) throw new HostFailure("cancel", true);
    if (!result.errMsg.endsWith(":ok")) throw new HostFailure(result.errMsg.replace(/^[^:]*:fail ?/, ""));
    return result;
  }

  #apis(): ApiTable {
    return {
      pageEventResult: ({ replyTo, result }) => {
        this.#results.get(numberOf(replyTo))?.(result);
        this.#results.delete(numberOf(replyTo));
      },
    };
  }

  #pageEvent(webviewID: number, data: object): void {
    this.#bridge.send({ command: "APPSERVICE_ON_EVENT", data: { eventName: "onPageEvent", data }, webviewID });
  }

  async #answer(message: unknown, handlers: ReadonlyMap<string, ApiTable[string]>): Promise<void> {
    // The bridge hands over what came under these two commands.
    const call = message as Extract<BusMessage, { readonly command: "APPSERVICE_INVOKE" | "WEBVIEW_INVOKE" }>;
    const { api, args, callbackID } = call.data;
    const webviewID = call.command === "WEBVIEW_INVOKE" ? call.fromWebviewID : undefined;
    const all = webviewID === undefined ? args : { ...(isRecord(args) && args), webviewId: webviewID };
    const data = { callbackID, res: await runApi(api, handlers.get(api) ?? notSupported, all) };
    if (webviewID === undefined) this.#bridge.send({ command: "APPSERVICE_INVOKE_CALLBACK", data });
    else this.#bridge.send({ command: "WEBVIEW_INVOKE_CALLBACK", data, webviewID });
  }
}

function notSupported(): never {
  throw new HostFailure("not supported");
}
