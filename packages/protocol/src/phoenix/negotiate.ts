import type { HandshakeOffer, Negotiation, WireProtocol } from "../wire-protocol.ts";
import { decodeToken, TOKEN_PREFIX } from "./token.ts";
import { phoenix1 } from "./v1.ts";
import { phoenix2, phoenix2Hutong } from "./v2.ts";

/** What a client gets that names no version. */
const DEFAULT_VSN = "1.0.0";

/** The one subprotocol of Phoenix. */
const SUBPROTOCOL = "phoenix";

// A whole semantic version of a served range, without a pre-release: 1.0.x or 2.0.x.
const SERVED_VSN = /^([12])\.0\.(?:0|[1-9]\d*)(?:\+([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?$/;

/** Reads a Phoenix handshake: the token first, then the subprotocol, then the version. Never throws. */
export function negotiatePhoenix(offer: HandshakeOffer): Negotiation {
  const tokens = offer.subprotocols.filter((entry) => entry.startsWith(TOKEN_PREFIX));
  const token =
    tokens[0] === undefined || tokens.length > 1 ? undefined : decodeToken(tokens[0].slice(TOKEN_PREFIX.length));
  if (tokens.length === 1 && token === undefined) return { kind: "disagreed", reason: "token" };

  const isEchoed = offer.subprotocols.includes(SUBPROTOCOL);
  if (!isEchoed && offer.subprotocols.length > tokens.length) return { kind: "disagreed", reason: "subprotocol" };

  const wireProtocol = findWireProtocol(offer.vsn ?? DEFAULT_VSN);
  if (wireProtocol === undefined) return { kind: "disagreed", reason: "version" };
  return { kind: "agreed", wireProtocol, subprotocol: isEchoed ? SUBPROTOCOL : undefined, token };
}

function findWireProtocol(vsn: string): WireProtocol | undefined {
  const match = SERVED_VSN.exec(vsn);
  if (match === null) return undefined;
  if (match[1] === "1") return phoenix1;
  return match[2] === "hutong.1" ? phoenix2Hutong : phoenix2;
}
