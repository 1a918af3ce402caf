import { createFakeWx, FakeClock, type FakeWx, type FakeWxConnect, type FakeWxHandshake } from "@hutong/testing";

/** The server's end of one WebSocket of a scripted phone. */
export interface ScriptedLink {
  readonly handshake: FakeWxHandshake;
  /** What the phone sent. */
  readonly received: unknown[];
  /** What the phone closed with, or `"cut"`. */
  ended: string | undefined;
  accept(headers?: Readonly<Record<string, string>>): void;
  send(data: string | ArrayBuffer): void;
  fail(message: string): void;
  close(code: number, reason?: string): void;
}

/** A phone whose time and whose servers are the test. */
export function createScriptedPhone(options: { readonly tellsOfCuts?: boolean } = {}): {
  readonly phone: FakeWx;
  readonly clock: FakeClock;
  readonly links: readonly ScriptedLink[];
  latest(): ScriptedLink;
} {
  const clock = new FakeClock();
  const links: ScriptedLink[] = [];
  const connect: FakeWxConnect = (handshake, handlers) => {
    const link: ScriptedLink = {
      handshake,
      received: [],
      ended: undefined,
      accept: (headers = {}) => handlers.opened(headers),
      send: (data) => handlers.received(data),
      fail: (message) => handlers.failed(message),
      close: (code, reason = "") => handlers.closed(code, reason),
    };
    links.push(link);
    return {
      send: (data) => link.received.push(data),
      close: (code, reason) => (link.ended = `${code} ${reason}`.trim()),
      terminate: () => (link.ended = "cut"),
    };
  };
  const latest = (): ScriptedLink => {
    const link = links.at(-1);
    if (link === undefined) throw new Error("nobody connected");
    return link;
  };
  return { phone: createFakeWx({ clock, connect, ...options }), clock, links, latest };
}
