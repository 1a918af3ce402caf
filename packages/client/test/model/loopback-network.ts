import { type Frame, HUTONG_VSN, phoenix } from "@hutong/protocol";
import type { Server } from "@hutong/server";
import { LoopbackTransport, type Mount } from "@hutong/server/plugin";
import type {
  Transport,
  TransportFactory,
  TransportHandlers,
  TransportRequest,
} from "../../src/transports/transport.ts";
import type { Freezer } from "./freezer.ts";

/** How the server knows the links of these tests. */
export const SOCKET_ID = "users:1";

/** The way from one page to a server in the same process. Frames take a moment, and a broken link tells each end on its own. */
export class LoopbackNetwork implements TransportFactory {
  readonly name = "loopback";
  /** Whether new links come about. */
  isUp = true;
  /** The token of each attempt. */
  readonly tokens: (string | undefined)[] = [];
  readonly #server: Server;
  readonly #mount: Mount;
  readonly #page: Freezer;
  #drop: (code: number) => void = () => undefined;

  constructor(server: Server, mount: Mount, page: Freezer) {
    this.#server = server;
    this.#mount = mount;
    this.#page = page;
  }

  open({ token }: TransportRequest, handlers: TransportHandlers): Transport {
    this.tokens.push(token);
    const tell = (act: () => void): void => this.#page.soon(() => this.#page.run(act));
    let isOver = false;
    const end = (code: number): void => {
      if (isOver) return;
      isOver = true;
      tell(() => handlers.closed({ code, reason: "" }));
    };
    const link = new LoopbackTransport({
      frame: (frame) => tell(() => isOver || handlers.received(frame)),
      closed: (code) => end(code),
    });
    this.#drop = (code) => {
      end(code);
      link.close(code, "");
    };
    if (this.isUp) tell(() => this.#accept(link, handlers, () => isOver));
    else end(1006);
    return {
      needsHeartbeat: true,
      send: (frame: Frame) => queueMicrotask(() => isOver || link.receive(frame)),
      close: (code) => {
        link.close(code, "");
        end(code);
      },
    };
  }

  /** Breaks the link, or ends it with another code. */
  drop(code = 1006): void {
    this.#drop(code);
  }

  #accept(link: LoopbackTransport, handlers: TransportHandlers, isOver: () => boolean): void {
    if (isOver()) return;
    const negotiation = phoenix.negotiate({ vsn: HUTONG_VSN, subprotocols: [] });
    if (negotiation.kind === "disagreed") throw new Error(negotiation.reason);
    this.#server.open(this.#mount, link, negotiation.wireProtocol, { id: SOCKET_ID });
    handlers.opened();
  }
}
