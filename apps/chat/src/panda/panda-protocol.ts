import { CLOSE_CODES, type Grammar, ProtocolError, type WireProtocol } from "@hutong/protocol";
import { errorAnswer } from "../wafer/answers.ts";
import { ONE_CHANNEL_TRAITS } from "../wafer/one-channel-traits.ts";
import { decodeRoomFrame } from "./room-frame.ts";

/** The name under which panda's clients reach their channel. */
export const PANDA_CHANNEL = "PandaRoom";
/** The event of what a client says. */
export const SAY_EVENT = "say";

const CHANNEL = { key: "panda", joinRef: null, ref: null } as const;

/**
 * The frames of panda-chat-room. A connection is joined to the room from the start. What the room says differs from receiver to
 * receiver, so the channel pushes whole frames; all else has no frame.
 */
export const pandaRoom: WireProtocol = {
  name: "panda-room",
  traits: ONE_CHANNEL_TRAITS,
  opening: [{ kind: "join", ...CHANNEL, target: { kind: "name", name: PANDA_CHANNEL }, params: {} }],
  decode: (frame) => {
    if (typeof frame !== "string") throw new ProtocolError("the room takes text", "unsupported_data");
    const reading = decodeRoomFrame(frame);
    if (reading.kind === "malformed") throw new ProtocolError(`a frame of the room is malformed: ${reading.code}`);
    return { kind: "push", ...CHANNEL, event: SAY_EVENT, payload: reading };
  },
  encode: (message) => (message.kind === "push" && typeof message.payload === "string" ? message.payload : undefined),
  // To this client an object with `error` is the end of its session, so nothing else is told in one.
  farewell: (close) => ({
    frame:
      close === "unauthenticated"
        ? JSON.stringify(errorAnswer("ERR_INVALID_SESSION", "会话无效，请重新登录"))
        : undefined,
    code: CLOSE_CODES[close].code,
    reason: close,
  }),
};

/** The room's endpoint. Its clients offer no subprotocol. */
export const panda: Grammar = {
  name: "panda",
  negotiate: () => ({ kind: "agreed", wireProtocol: pandaRoom, subprotocol: undefined, token: undefined }),
};
