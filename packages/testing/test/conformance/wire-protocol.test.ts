import { actionCable, type Grammar, phoenix, type WireProtocol } from "@hutong/protocol";
import { wireProtocolConformance } from "@hutong/testing";

function negotiated(grammar: Grammar, vsn?: string): WireProtocol {
  const negotiation = grammar.negotiate({ vsn, subprotocols: [] });
  if (negotiation.kind === "disagreed") throw new TypeError(negotiation.reason);
  return negotiation.wireProtocol;
}

wireProtocolConformance("phoenix-1", negotiated(phoenix, "1.0.0"));
wireProtocolConformance("phoenix-2", negotiated(phoenix, "2.0.0"));
wireProtocolConformance("phoenix-2+hutong.1", negotiated(phoenix, "2.0.0+hutong.1"));
wireProtocolConformance("actioncable-v1-json", negotiated(actionCable));
