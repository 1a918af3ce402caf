import type { BusClient } from "./bus.ts";
import type { BusSession } from "./bus-session.ts";
import { Inbox } from "./inbox.ts";
import { type BusMessage, type ClientName, parseBusMessage } from "./message.ts";

/**
 * Connects a part that lives in the same realm as the session. Messages are encoded as for a socket, so
 * that the two sides never share an object.
 *
 * @example
 * const service = connectInMemory(session, "APPSERVICE");
 */
export function connectInMemory(session: BusSession, name: ClientName): BusClient {
  return new MemoryBusClient(session, name);
}

class MemoryBusClient implements BusClient {
  readonly name: ClientName;
  readonly #session: BusSession;
  readonly #inbox = new Inbox();
  readonly #detach: () => void;
  #isClosed = false;

  constructor(session: BusSession, name: ClientName) {
    this.name = name;
    this.#session = session;
    this.#detach = session.attach(name, { deliver: (frame) => this.#deliver(frame) });
  }

  send(message: BusMessage): void {
    if (!this.#isClosed) this.#session.receive(this.name, JSON.stringify(message));
  }

  onMessage(handler: (message: BusMessage) => void): () => void {
    return this.#inbox.add(handler);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#detach();
    return Promise.resolve();
  }

  #deliver(frame: string): void {
    // Never inside `send`: a handler that answers would overtake its sender.
    void Promise.resolve().then(() => {
      if (!this.#isClosed) this.#inbox.put(parseBusMessage(frame));
    });
  }
}
