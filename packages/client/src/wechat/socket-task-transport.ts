import { CLOSE_CODES } from "@hutong/protocol";
import { assertHeaderText } from "../transports/header-text.ts";
import type { Transport, TransportFactory } from "../transports/transport.ts";
import { GuardedSocketTask, type SocketTaskOptions } from "./guarded-socket-task.ts";

/** What the transport needs of its surroundings. */
export interface SocketTaskTransportOptions extends Omit<SocketTaskOptions, "url" | "headers" | "subprotocols"> {
  /** Gives the address for the parameters of an attempt. */
  readonly urlFor: (params: Readonly<Record<string, string>>) => string;
  /** Hears that the server takes a token no more. */
  tokenExpired(token: string): void;
}

/** Makes transports over `SocketTask`. The token travels in the header `Authorization`. */
export function socketTaskTransport(options: SocketTaskTransportOptions): TransportFactory {
  return {
    name: "wechat",
    open({ params, token }, handlers): Transport {
      assertHeaderText(token);
      let isClosing = false;
      const task = new GuardedSocketTask(
        {
          ...options,
          url: options.urlFor(params),
          headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
        },
        {
          opened: () => handlers.opened(),
          received: (data) => handlers.received(data),
          closed: (close) => {
            if (close.code === CLOSE_CODES.token_expired.code && token !== undefined) options.tokenExpired(token);
            // WeChat says 1000 for cuts of its own, so only a close that was asked for here is one.
            handlers.closed(close.code === CLOSE_CODES.normal.code && !isClosing ? { ...close, code: 1006 } : close);
          },
        },
      );
      return {
        needsHeartbeat: true,
        send: (frame) => task.send(typeof frame === "string" ? frame : new Uint8Array(frame).buffer),
        close(code, reason) {
          isClosing = true;
          task.close(code, reason);
        },
      };
    },
  };
}
