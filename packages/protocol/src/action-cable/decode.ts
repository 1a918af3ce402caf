import { ProtocolError } from "../errors.ts";
import { checkJsonSize, isJsonObject } from "../json.ts";
import type { ChannelCommand, ClientMessage, Frame, JoinMessage, PresenceCard } from "../message.ts";
import { type CommandObject, readObject, toCommonCommand } from "./command.ts";
import { readHistoryRequest } from "./history-request.ts";

/** The longest presence id, in UTF-16 units. */
const MAX_ID_LENGTH = 255;

/** Reads one command of Action Cable. @throws {ProtocolError} when the frame is not one. */
export function decodeCommand(frame: Frame): ClientMessage {
  return toCommonCommand(readObject(frame));
}

/** Reads one command of AnyCable's dialect. @throws {ProtocolError} when the frame is not one. */
export function decodeExtendedCommand(frame: Frame): ClientMessage {
  const object = readObject(frame);
  const { command, identifier: key, history, presence, data } = object;
  if (command === "ping") return { kind: "heartbeat", ref: null };
  if (command === "pong") return { kind: "pong" };
  // `readObject` lets text frames pass only.
  checkJsonSize([history, presence, data].filter(isContainer), String(frame));
  const extension = typeof key === "string" ? toChannelCommand(key, object) : undefined;
  if (extension !== undefined) return extension;
  const message = toCommonCommand(object);
  return message.kind === "join" ? withExtras(message, object) : message;
}

/** `undefined` for a command that is none of the dialect's own. */
function toChannelCommand(
  key: string,
  { command, history, presence, data }: CommandObject,
): ChannelCommand | undefined {
  switch (command) {
    case "history": {
      const request = readHistoryRequest(history);
      if (request === undefined) throw new ProtocolError("history names neither streams nor a time");
      return { kind: "recover", key, joinRef: null, request };
    }
    case "join": {
      const card = readPresence(presence);
      if (card === undefined) throw new ProtocolError("join has no presence with an id");
      return { kind: "track", key, joinRef: null, presence: card };
    }
    case "leave":
      return { kind: "untrack", key, joinRef: null };
    case "presence":
      return {
        kind: "list",
        key,
        joinRef: null,
        returnsRecords: !isJsonObject(data) || data["return_records"] !== false,
      };
    case "whisper":
      if (data === undefined) throw new ProtocolError("whisper has no data");
      return { kind: "whisper", key, joinRef: null, payload: data };
    default:
      return undefined;
  }
}

// A subscription is worth more than its extras: a presence that cannot be read
// is left out, and a history that cannot be read is told to be rejected.
function withExtras(message: JoinMessage, { history, presence }: CommandObject): JoinMessage {
  const recover = readHistoryRequest(history);
  const card = readPresence(presence);
  return { ...message, ...(recover && { recover }), ...(card && { presence: card }) };
}

function readPresence(value: unknown): PresenceCard | undefined {
  if (!isJsonObject(value)) return undefined;
  const { id, info = {} } = value;
  if (typeof id !== "string" || id === "" || id.length > MAX_ID_LENGTH) return undefined;
  return { id, info };
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
