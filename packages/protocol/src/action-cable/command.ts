import { ProtocolError } from "../errors.ts";
import { checkJsonSize, isJsonObject, parseJson } from "../json.ts";
import type { ClientPushMessage, Frame, JoinMessage, LeaveMessage } from "../message.ts";

/** A frame's JSON object. */
export type CommandObject = Readonly<Record<string, unknown>>;

/** The event of a message that names no action. */
const DEFAULT_EVENT = "receive";

// Action Cable has no correlation ids.
const NO_REFS = { joinRef: null, ref: null } as const;

/** The object that a frame holds. @throws {ProtocolError} when it holds something else. */
export function readObject(frame: Frame): CommandObject {
  if (typeof frame !== "string") throw new ProtocolError("binary frame; commands are text", "unsupported_data");
  const value = parseJson(frame);
  if (!isJsonObject(value)) throw new ProtocolError("frame is not a JSON object");
  return value;
}

/** Reads the commands that both dialects have. @throws {ProtocolError} when it is none of them. */
export function toCommonCommand({
  command,
  identifier: key,
  data,
}: CommandObject): JoinMessage | LeaveMessage | ClientPushMessage {
  if (typeof key !== "string") throw new ProtocolError(`identifier is not a string (${typeof key})`);
  switch (command) {
    case "subscribe":
      return toJoin(key);
    case "unsubscribe":
      return { kind: "leave", key, ...NO_REFS };
    case "message":
      return toPush(key, data);
    default:
      throw new ProtocolError("unknown command; expected subscribe, unsubscribe or message");
  }
}

function toJoin(key: string): JoinMessage {
  // A rest pattern copies own properties as data, so a `__proto__` key stays a key.
  const { channel: name, ...params } = parseObject(key, "identifier");
  if (typeof name !== "string") throw new ProtocolError(`identifier has no channel name (${typeof name})`);
  return { kind: "join", key, target: { kind: "name", name }, ...NO_REFS, params };
}

function toPush(key: string, data: unknown): ClientPushMessage {
  if (typeof data !== "string") throw new ProtocolError(`data is not a string (${typeof data})`);
  const { action = null, ...payload } = parseObject(data, "data");
  if (action !== null && typeof action !== "string")
    throw new ProtocolError(`action is not a string (${typeof action})`);
  const event = action === null || action.trim() === "" ? DEFAULT_EVENT : action;
  return { kind: "push", key, ...NO_REFS, event, payload };
}

function parseObject(text: string, what: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new ProtocolError(`${what} is not a JSON object`);
  checkJsonSize([value], text);
  return value;
}
