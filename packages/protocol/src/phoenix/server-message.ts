import { ERROR_CODES } from "../error-code.ts";
import { isJsonObject } from "../json.ts";
import type { HeartbeatReplyMessage, JoinedMessage, RefusedMessage, ReplyMessage, ServerMessage } from "../message.ts";
import { orEmpty, type PhoenixMessage } from "./phoenix-message.ts";

// An answer of any kind: to a join, a push or a leave.
type AnswerMessage = JoinedMessage | RefusedMessage | ReplyMessage;

/** The five elements of a server message; `undefined` when Phoenix has no frame for it. */
export function toPhoenixMessage(message: ServerMessage): PhoenixMessage | undefined {
  switch (message.kind) {
    case "broadcast":
      return { joinRef: null, ref: null, topic: message.key, event: message.event, payload: orEmpty(message.payload) };
    case "push":
      return {
        joinRef: message.joinRef,
        ref: null,
        topic: message.key,
        event: message.event,
        payload: orEmpty(message.payload),
      };
    case "joined":
    case "refused":
    case "reply":
      return toReply(message);
    case "ended":
      return toEnd(message, "phx_close", {});
    case "crashed":
      return toEnd(message, "phx_error", { reason: ERROR_CODES.channel_crash.reason });
    case "heartbeat_reply":
      return toHeartbeatReply(message);
    case "ping":
    case "skip":
    case "welcome":
    default:
      return undefined;
  }
}

/** The status word of an answer. */
export function toStatus(message: AnswerMessage): string {
  if (message.kind === "reply") return message.status;
  return message.kind === "joined" ? "ok" : "error";
}

function toReply(message: AnswerMessage): PhoenixMessage {
  const payload = { status: toStatus(message), response: toResponse(message) };
  return { joinRef: message.joinRef, ref: message.ref, topic: message.key, event: "phx_reply", payload };
}

// The last word of a channel carries its join_ref twice; V1, which sends no
// join_ref, tells by the ref which join has ended.
function toEnd(message: Pick<JoinedMessage, "key" | "joinRef">, event: string, payload: unknown): PhoenixMessage {
  return { joinRef: message.joinRef, ref: message.joinRef, topic: message.key, event, payload };
}

function toHeartbeatReply({ ref }: HeartbeatReplyMessage): PhoenixMessage {
  return { joinRef: null, ref, topic: "phoenix", event: "phx_reply", payload: { status: "ok", response: {} } };
}

// A client without positions that asked for history finds the report beside the
// channel's own response, where that is an object. One that asked for nothing
// ("fresh") finds the response as the channel made it.
function toResponse(message: AnswerMessage): unknown {
  const response = orEmpty(message.response);
  if (message.kind !== "joined" || message.recovery === undefined || !isJsonObject(response)) return response;
  const { recovered, reason } = message.recovery;
  if (reason === "fresh") return response;
  return { ...response, $recovery: { recovered, reason } };
}
