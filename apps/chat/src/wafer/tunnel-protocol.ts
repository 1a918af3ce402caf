import { type ClientMessage, CLOSE_CODES, type Grammar, ProtocolError, type WireProtocol } from "@hutong/protocol";
import { ONE_CHANNEL_TRAITS } from "./one-channel-traits.ts";
import { decodeTunnelFrame, encodeTunnelFrame } from "./tunnel-frame.ts";

/** The name under which tunnels reach their channel. */
export const TUNNEL_CHANNEL = "WaferTunnel";

/** How often a client is to ask whether the tunnel is alive, in seconds. Proxies close what is silent for a minute. */
const PING_SECONDS = 15;

/** A tunnel is one channel, whose key never travels. */
const CHANNEL = { key: "tunnel", joinRef: null, ref: null } as const;

/** Wafer's tunnel. A connection is joined to its channel from the start; events are pushes both ways. */
export const waferTunnel: WireProtocol = {
  name: "wafer-tunnel",
  traits: ONE_CHANNEL_TRAITS,
  opening: [{ kind: "join", ...CHANNEL, target: { kind: "name", name: TUNNEL_CHANNEL }, params: {} }],
  decode: (frame) => {
    if (typeof frame !== "string") throw new ProtocolError("a tunnel carries text", "unsupported_data");
    return toMessage(frame);
  },
  encode: (message) => {
    switch (message.kind) {
      case "welcome":
        return encodeTunnelFrame({ kind: "timeout", seconds: PING_SECONDS });
      case "heartbeat_reply":
        return encodeTunnelFrame({ kind: "pong" });
      case "push":
        return encodeTunnelFrame({ kind: "message", event: message.event, content: message.payload });
      case "reply":
        // Its client calls this `@error`, because `error` is about the tunnel itself.
        return message.status === "error"
          ? encodeTunnelFrame({ kind: "message", event: "error", content: message.response })
          : undefined;
      case "ended":
        return message.cause === "left" ? undefined : encodeTunnelFrame({ kind: "close" });
      case "refused":
      case "crashed":
        return encodeTunnelFrame({ kind: "close" });
      case "ping":
      case "joined":
      case "broadcast":
      case "skip":
      case "recovered":
      case "presence":
        return undefined;
      default:
        return message satisfies never;
    }
  },
  // A client that is told to close stays away; one whose socket just ends comes back.
  farewell: (close) => {
    const { code, reconnect } = CLOSE_CODES[close];
    return { frame: reconnect ? undefined : encodeTunnelFrame({ kind: "close" }), code, reason: close };
  },
};

/** The tunnel's endpoint. Its clients offer no subprotocol. */
export const wafer: Grammar = {
  name: "wafer",
  negotiate: () => ({ kind: "agreed", wireProtocol: waferTunnel, subprotocol: undefined, token: undefined }),
};

function toMessage(frame: string): ClientMessage {
  const reading = decodeTunnelFrame(frame);
  switch (reading.kind) {
    case "ping":
      return { kind: "heartbeat", ref: null };
    case "message":
      return { kind: "push", ...CHANNEL, event: reading.event, payload: reading.content };
    case "close":
      return { kind: "leave", ...CHANNEL };
    case "malformed":
      throw new ProtocolError(`a frame of the tunnel is malformed: ${reading.code}`);
    case "pong":
    case "timeout":
    case "unknown":
      return { kind: "pong" };
    default:
      return reading satisfies never;
  }
}
