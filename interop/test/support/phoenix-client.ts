import { connect, type HandshakeOptions, type WebSocketClient } from "./web-socket-client.ts";

/** A version of the Phoenix grammar. */
export type Vsn = "1.0.0" | "2.0.0";

/** Both versions, for suites that run under each. */
export const VERSIONS: readonly Vsn[] = ["1.0.0", "2.0.0"];

/** `[join_ref, ref, topic, event, payload]`. */
export type Elements = readonly [joinRef: unknown, ref: unknown, topic: unknown, event: unknown, payload: unknown];

/** What a client of the version sends. Clients of V1 know no `join_ref`. */
export function clientFrame(vsn: Vsn, [joinRef, ref, topic, event, payload]: Elements): unknown {
  return vsn === "1.0.0" ? { topic, event, payload, ref } : [joinRef, ref, topic, event, payload];
}

/** What a server of the version sends; V1 tells no `join_ref`. */
export function serverFrame(vsn: Vsn, [joinRef, ref, topic, event, payload]: Elements): unknown {
  return vsn === "1.0.0" ? { topic, event, payload, ref } : [joinRef, ref, topic, event, payload];
}

/** An ok reply. */
export function ok(joinRef: unknown, ref: unknown, topic: unknown, response: unknown = {}): Elements {
  return [joinRef, ref, topic, "phx_reply", { status: "ok", response }];
}

/** An error reply with a reason. */
export function error(joinRef: unknown, ref: unknown, topic: unknown, reason: string): Elements {
  return [joinRef, ref, topic, "phx_reply", { status: "error", response: { reason } }];
}

/** A raw Phoenix client of either version, which speaks in elements. */
export class PhoenixClient {
  readonly link: WebSocketClient;
  readonly vsn: Vsn;

  constructor(link: WebSocketClient, vsn: Vsn) {
    this.link = link;
    this.vsn = vsn;
  }

  /** Sends a message. */
  send(...elements: Elements): void {
    this.link.send(clientFrame(this.vsn, elements));
  }

  /** Sends a message and gives the frame that comes next. */
  async ask(...elements: Elements): Promise<unknown> {
    this.send(...elements);
    return this.next();
  }

  /** The next frame. */
  next(): Promise<unknown> {
    return this.link.next();
  }

  /** The next frames, in order. */
  take(count: number): Promise<unknown[]> {
    return this.link.take(count);
  }

  /** The frames that this version has for some messages, for comparison. */
  frames(...messages: readonly Elements[]): unknown[] {
    return messages.map((elements) => serverFrame(this.vsn, elements));
  }

  /** Proves that nothing has come since: the reply to a heartbeat is the next frame. Gives what did come otherwise. */
  async silence(): Promise<unknown> {
    const next = await this.ask(null, "silence", "phoenix", "heartbeat", {});
    const [reply] = this.frames(ok(null, "silence", "phoenix"));
    return JSON.stringify(sorted(next)) === JSON.stringify(sorted(reply)) ? "silence" : next;
  }

  [Symbol.dispose](): void {
    this.link[Symbol.dispose]();
  }
}

/** Connects to a mount, for example `http://127.0.0.1:4100/socket`. `query` is beside the version. */
export async function connectPhoenix(
  mountUrl: string,
  options: HandshakeOptions & { readonly vsn?: Vsn; readonly query?: string } = {},
): Promise<PhoenixClient> {
  const { vsn = "2.0.0", query = "" } = options;
  const link = await connect(`${mountUrl}/websocket?${query}&vsn=${vsn}`, options);
  return new PhoenixClient(link, vsn);
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
