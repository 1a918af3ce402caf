import { actionCable, type Grammar, phoenix, type WireProtocol } from "@hutong/protocol";
import type { MicroBench } from "./measure.ts";

// A chat message of 64 characters, as it comes in and as it goes out.
const payload = { body: "the quick brown fox jumps over the lazy dog, and then it does it" };
const identifier = JSON.stringify({ channel: "RoomChannel", id: "42" });
const text = JSON.stringify(["1", "7", "room:42", "new_msg", payload]);
const cableText = JSON.stringify({
  command: "message",
  identifier,
  data: JSON.stringify({ action: "speak", ...payload }),
});
const bytes = Buffer.from(payload.body);
const binary = Buffer.concat([Uint8Array.of(0, 1, 1, 7, 7), Buffer.from("17room:42new_msg"), bytes]);

const phoenix2 = wireProtocolOf(phoenix, []);
const cable = wireProtocolOf(actionCable, ["actioncable-v1-json"]);

function wireProtocolOf(grammar: Grammar, subprotocols: readonly string[]): WireProtocol {
  const negotiation = grammar.negotiate({ vsn: "2.0.0", subprotocols });
  if (negotiation.kind !== "agreed") throw new TypeError(`${grammar.name} did not agree`);
  return negotiation.wireProtocol;
}

/** Frames to messages and back. */
export const codecBenches: readonly MicroBench[] = [
  { name: "decode, Phoenix V2 text", run: () => phoenix2.decode(text) },
  { name: "decode, Phoenix V2 binary", run: () => phoenix2.decode(binary) },
  { name: "decode, Action Cable", run: () => cable.decode(cableText) },
  {
    name: "encode a broadcast, Phoenix V2 text",
    run: () => phoenix2.encode({ kind: "broadcast", key: "room:42", event: "new_msg", payload }),
  },
  {
    name: "encode a broadcast, Phoenix V2 binary",
    run: () => phoenix2.encode({ kind: "broadcast", key: "room:42", event: "new_msg", payload: bytes }),
  },
  {
    name: "encode a broadcast, Action Cable",
    run: () => cable.encode({ kind: "broadcast", key: identifier, event: "new_msg", payload }),
  },
  {
    name: "encode a reply, Phoenix V2 text",
    run: () =>
      phoenix2.encode({ kind: "reply", key: "room:42", joinRef: "1", ref: "7", status: "ok", response: payload }),
  },
];
