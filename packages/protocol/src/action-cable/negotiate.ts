import type { HandshakeOffer, Negotiation } from "../wire-protocol.ts";
import { actionCable1Extended } from "./v1-ext-json.ts";
import { actionCable1 } from "./v1-json.ts";

/**
 * What may be echoed, best first. The last name is the client's way to say that
 * it knows nothing we speak: it wants the echo, and then closes for good.
 */
const SUBPROTOCOLS = [actionCable1Extended.name, actionCable1.name, "actioncable-unsupported"] as const;

/** What precedes a token that travels as a subprotocol, raw. */
const TOKEN_PREFIX = "anycable-token.";

/** Reads an Action Cable handshake. Nothing is refused: who offers nothing that we know gets no header. Never throws. */
export function negotiateActionCable(offer: HandshakeOffer): Negotiation {
  const tokens = offer.subprotocols.filter((entry) => entry.startsWith(TOKEN_PREFIX));
  const subprotocol = SUBPROTOCOLS.find((candidate) => offer.subprotocols.includes(candidate));
  return {
    kind: "agreed",
    wireProtocol: subprotocol === actionCable1Extended.name ? actionCable1Extended : actionCable1,
    subprotocol,
    // Two tokens cannot both be meant; as in Phoenix, neither is taken.
    token: tokens.length === 1 ? tokens[0]?.slice(TOKEN_PREFIX.length) : undefined,
  };
}
