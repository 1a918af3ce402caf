import type { BusClient } from "./bus.ts";
import type { BusMessage, InvokeResult, WebviewIds } from "./message.ts";

type InvokeCommand = "APPSERVICE_INVOKE" | "CONTROL_INVOKE" | "WEBVIEW_INVOKE";

/**
 * Calls and events over one end of the bus: what WeChat calls the bridge. One handler per event name, as
 * there: the last one counts.
 */
export class Bridge {
  readonly #client: BusClient;
  readonly #calls = new Map<number, (result: InvokeResult) => void>();
  readonly #events = new Map<string, (data: unknown, webviewId: number | undefined) => void>();
  #lastCallbackId = 0;

  /** Takes over the messages of the client, and leaves closing it to its owner. */
  constructor(client: BusClient) {
    this.#client = client;
    client.onMessage((message) => this.#receive(message));
  }

  /** Calls an API of the other side; resolves with its answer, also when that is a failure. Never rejects. */
  invoke(command: InvokeCommand, api: string, args: unknown): Promise<InvokeResult> {
    const callbackID = ++this.#lastCallbackId;
    return new Promise((resolve) => {
      this.#calls.set(callbackID, resolve);
      this.#client.send({ command, data: { api, args: args ?? null, callbackID } });
    });
  }

  /** Sends an event of the logic layer to views. */
  publish(eventName: string, data: unknown, webviewIds: WebviewIds): void {
    this.#client.send({ command: "APPSERVICE_PUBLISH", data: { eventName, data: data ?? null, webviewIds } });
  }

  /** Sends any other message. */
  send(message: BusMessage): void {
    this.#client.send(message);
  }

  /** Handles the events of that name; `webviewId` is the view that sent it, or that it is about. */
  on(eventName: string, handler: (data: unknown, webviewId: number | undefined) => void): void {
    this.#events.set(eventName, handler);
  }

  #receive(message: BusMessage): void {
    switch (message.command) {
      case "APPSERVICE_INVOKE_CALLBACK":
      case "CONTROL_INVOKE_CALLBACK":
      case "WEBVIEW_INVOKE_CALLBACK": {
        const { callbackID, res } = message.data;
        this.#calls.get(callbackID)?.(res);
        this.#calls.delete(callbackID);
        return;
      }
      case "WEBVIEW_PUBLISH":
        this.#event(message.data.eventName, message.data.data, message.fromWebviewID);
        return;
      case "APPSERVICE_ON_EVENT":
      case "WEBVIEW_ON_EVENT":
        this.#event(message.data.eventName, message.data.data, message.webviewID);
        return;
      case "APPSERVICE_PUBLISH":
      case "CONTROL_ON_EVENT":
      case "CONTROL_PUBLISH":
      case "SYSTEM":
        this.#event(message.data.eventName, message.data.data, undefined);
        return;
      case "SEND_APP_DATA":
      case "GET_APP_DATA":
      case "WRITE_APP_DATA":
        this.#event(message.command, message.data, undefined);
        return;
      default:
        // Calls reach the parts that answer them through their own handlers.
        this.#event(message.command, message, undefined);
    }
  }

  #event(name: string, data: unknown, webviewId: number | undefined): void {
    this.#events.get(name)?.(data, webviewId);
  }
}
