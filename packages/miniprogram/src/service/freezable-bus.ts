import type { BusClient } from "../bus/bus.ts";
import type { BusMessage, ClientName } from "../bus/message.ts";

/** Name of the event with which the host suspends the logic layer and lets it go on. */
export const RUNNING_STATUS_EVENT = "onAppRunningStatusChange";

/** An end of the bus that keeps what arrives while the logic layer is suspended, and hands it over afterwards. */
export class FreezableBus implements BusClient {
  readonly name: ClientName;
  readonly #inner: BusClient;
  #kept: BusMessage[] | undefined;
  #handler: (message: BusMessage) => void = () => {};

  /** Closing this end closes the inner one. */
  constructor(inner: BusClient) {
    this.#inner = inner;
    this.name = inner.name;
  }

  send(message: BusMessage): void {
    this.#inner.send(message);
  }

  onMessage(handler: (message: BusMessage) => void): () => void {
    this.#handler = handler;
    return this.#inner.onMessage((message) => {
      const isStatus = message.command === "APPSERVICE_ON_EVENT" && message.data.eventName === RUNNING_STATUS_EVENT;
      if (this.#kept !== undefined && !isStatus) this.#kept.push(message);
      else handler(message);
    });
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** Keeps messages from now on. */
  freeze(): void {
    this.#kept ??= [];
  }

  /** Hands over what was kept, in order. */
  thaw(): void {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const message of kept) this.#handler(message);
  }
}
