import type { WireProtocol } from "../wire-protocol.ts";
import { decodeCommand } from "./decode.ts";
import { encodeCableMessage } from "./encode.ts";
import { farewellOfCable } from "./farewell.ts";

/** Action Cable's JSON grammar, text frames only. */
export const actionCable1: WireProtocol = {
  name: "actioncable-v1-json",
  traits: {
    greets: true,
    refusal: "after_upgrade",
    joinAnswer: "after_hook",
    secondJoin: "ignored",
    handlerFailure: "fails_message",
    positions: false,
    historyAnswer: "with_join",
    presence: "diffs",
    limitedJoin: "ignored",
    malformedFrame: "ignored",
  },
  decode: decodeCommand,
  encode: encodeCableMessage,
  farewell: farewellOfCable,
};
