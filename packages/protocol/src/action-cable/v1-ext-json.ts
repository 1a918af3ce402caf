import type { WireProtocol } from "../wire-protocol.ts";
import { decodeExtendedCommand } from "./decode.ts";
import { encodeExtendedMessage } from "./encode.ts";
import { actionCable1 } from "./v1-json.ts";

/** AnyCable's dialect of {@link actionCable1}: positions, history, presence and whispers. */
export const actionCable1Extended: WireProtocol = {
  ...actionCable1,
  name: "actioncable-v1-ext-json",
  traits: { ...actionCable1.traits, positions: true, historyAnswer: "in_turn", presence: "news" },
  decode: decodeExtendedCommand,
  encode: encodeExtendedMessage,
};
