import { connect, type HandshakeOptions, type WebSocketClient } from "./web-socket-client.ts";
import { within } from "./limits.ts";

/** What the npm clients of Rails offer. */
export const RAILS_SUBPROTOCOLS = ["actioncable-v1-json", "actioncable-unsupported"];

/** A raw Action Cable client: it speaks the commands and skips pings, as all clients do. */
export class CableClient {
  readonly link: WebSocketClient;

  constructor(link: WebSocketClient) {
    this.link = link;
  }

  /** Sends a command. */
  send(command: object): void {
    this.link.send(command);
  }

  /** The next frame that is no ping. */
  next(): Promise<unknown> {
    // One limit for all: were it counted from the last ping, it would never be reached.
    return within(
      this.#find((frame) => !isPing(frame)),
      "a frame that is no ping",
    );
  }

  /** The next frames that are no pings. */
  async take(count: number): Promise<unknown[]> {
    const frames: unknown[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** The next ping. */
  ping(): Promise<unknown> {
    return within(this.#find(isPing), "a ping");
  }

  /** Asks for a subscription and gives the frame that comes next. */
  async subscribe(identifier: string): Promise<unknown> {
    this.send({ command: "subscribe", identifier });
    return this.next();
  }

  /** Ends a subscription. Nothing answers. */
  unsubscribe(identifier: string): void {
    this.send({ command: "unsubscribe", identifier });
  }

  /** Sends an action; without a name it is for `receive`. */
  perform(identifier: string, action: string | undefined, data: object = {}): void {
    const named = action === undefined ? data : { ...data, action };
    this.send({ command: "message", identifier, data: JSON.stringify(named) });
  }

  [Symbol.dispose](): void {
    this.link[Symbol.dispose]();
  }

  async #find(isWanted: (frame: unknown) => boolean): Promise<unknown> {
    for (;;) {
      const frame = await this.link.next();
      if (isWanted(frame)) return frame;
    }
  }
}

/** Connects as the npm client of Rails does; the welcome has been read. */
export async function connectCable(url: string, options: HandshakeOptions = {}): Promise<CableClient> {
  const link = await connect(url, { subprotocols: RAILS_SUBPROTOCOLS, ...options });
  const client = new CableClient(link);
  const welcome = await client.next();
  if (JSON.stringify(welcome) !== '{"type":"welcome"}')
    throw new Error(`expected a welcome, got ${JSON.stringify(welcome)}`);
  return client;
}

/** The identifier of a channel, as the npm client of Rails writes it. */
export function identify(channel: string, params: object = {}): string {
  return JSON.stringify({ channel, ...params });
}

/** What confirms a subscription. */
export function confirmed(identifier: string): object {
  return { identifier, type: "confirm_subscription" };
}

/** What rejects a subscription. */
export function rejected(identifier: string): object {
  return { identifier, type: "reject_subscription" };
}

/** What carries data. */
export function delivered(identifier: string, message: unknown): object {
  return { identifier, message };
}

function isPing(frame: unknown): boolean {
  return typeof frame === "object" && frame !== null && "type" in frame && frame.type === "ping";
}
