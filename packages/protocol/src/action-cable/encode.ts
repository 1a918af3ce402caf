import type {
  BroadcastMessage,
  Frame,
  PresenceCard,
  PresenceNews,
  RecoveredMessage,
  ServerMessage,
} from "../message.ts";
import type { RecoveryReason } from "../stream-position.ts";

const WELCOME = '{"type":"welcome"}';

const PONG = '{"type":"pong"}';

/** Reasons with which nothing that was asked for is missing; with any other, the client has to load anew. */
const GIVEN: ReadonlySet<RecoveryReason> = new Set(["ok", "partial", "fresh"]);

/** The frame of a server message; `undefined` when Action Cable has no word for it. */
export function encodeCableMessage(message: ServerMessage): Frame | undefined {
  switch (message.kind) {
    case "broadcast":
    case "push":
      return encodeData(message.key, message.payload);
    case "joined":
      return encodeOutcome(message.key, "confirm_subscription");
    case "refused":
    case "crashed":
      return encodeOutcome(message.key, "reject_subscription");
    case "ended":
      // A rejection is the grammar's only word for "the server ended this
      // subscription"; a client that left, or joined anew, expects no word.
      return message.cause === "stopped" ? encodeOutcome(message.key, "reject_subscription") : undefined;
    case "welcome":
      return WELCOME;
    case "ping":
      return JSON.stringify({ type: "ping", message: Math.floor(message.atMs / 1000) });
    case "reply":
    case "skip":
    case "recovered":
    case "presence":
    case "heartbeat_reply":
    default:
      return undefined;
  }
}

/** The frame of a server message in AnyCable's dialect. */
export function encodeExtendedMessage(message: ServerMessage): Frame | undefined {
  switch (message.kind) {
    case "welcome":
      return JSON.stringify({ type: "welcome", sid: message.sid });
    case "heartbeat_reply":
      return PONG;
    case "broadcast":
      return encodeData(message.key, message.payload, encodePlace(message));
    case "recovered":
      return encodeHistory(message);
    case "presence":
      return JSON.stringify({ type: "presence", identifier: message.key, message: toPresence(message.news) });
    case "crashed":
    case "ended":
    case "joined":
    case "ping":
    case "push":
    case "refused":
    case "reply":
    case "skip":
    default:
      return encodeCableMessage(message);
  }
}

// Built by hand: as a property of an object, a value that JSON lacks (such as
// `undefined`) would take the whole `message` key away, and clients would take
// the frame for something else.
function encodeData(identifier: string, payload: unknown, place = ""): Frame | undefined {
  if (payload instanceof Uint8Array) return undefined;
  return `{"identifier":${JSON.stringify(identifier)},"message":${JSON.stringify(payload) ?? "null"}${place}}`;
}

/** The keys that tell where in its topic's history a broadcast stands. */
function encodePlace({ topic, stamp }: BroadcastMessage): string {
  if (topic === undefined || stamp === undefined) return "";
  return `,"stream_id":${JSON.stringify(topic)},"epoch":${JSON.stringify(stamp.epoch)},"offset":${stamp.offset}`;
}

function encodeOutcome(identifier: string, type: "confirm_subscription" | "reject_subscription"): Frame {
  return JSON.stringify({ identifier, type });
}

function encodeHistory({ key, recovery }: RecoveredMessage): Frame {
  return JSON.stringify({ type: GIVEN.has(recovery.reason) ? "confirm_history" : "reject_history", identifier: key });
}

function toPresence(news: PresenceNews): object {
  switch (news.kind) {
    case "came":
      return { type: "join", ...toRecord(news.card) };
    case "went":
      return { type: "leave", id: news.id };
    case "all":
      return { type: "info", total: news.total, records: news.cards?.map(toRecord) };
    case "unavailable":
    default:
      return { type: "error", total: 0 };
  }
}

function toRecord({ id, info }: PresenceCard): object {
  return { info, id };
}
