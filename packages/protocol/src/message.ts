import type { JsonText } from "./json-text.ts";
import type { RecoverRequest, RecoveryReport, StreamStamp } from "./stream-position.ts";

/**
 * One unit that a transport moves: text, or bytes. A frame has no meaning until
 * a {@link WireProtocol} decodes it.
 */
export type Frame = string | Uint8Array;

/**
 * A correlation id that the client chose. It is echoed with the same type and
 * value, because clients compare with strict equality (PHX-3).
 */
export type Ref = string | number | null;

/**
 * How a client names the channel that it wants to join: by topic (Phoenix) or by
 * the name of a channel definition (Action Cable).
 */
export type ChannelTarget =
  | { readonly kind: "topic"; readonly topic: string }
  | { readonly kind: "name"; readonly name: string };

/** A message about one channel of one connection. */
export interface ChannelMessage {
  /**
   * The client's own name for the channel: the topic in Phoenix, the identifier
   * string, byte for byte, in Action Cable.
   */
  readonly key: string;
  /** Tells one join of a key from the next; `null` where the client gives none. */
  readonly joinRef: Ref;
}

/** A message that asks for an answer, or answers. */
export interface CorrelatedMessage {
  /** Chosen by the one who asks; the answer carries it back. */
  readonly ref: Ref;
}

/** Asks to join a channel. */
export interface JoinMessage extends ChannelMessage, CorrelatedMessage {
  readonly kind: "join";
  /** What is to be joined. */
  readonly target: ChannelTarget;
  /** A JSON value, or bytes; not validated yet. */
  readonly params: unknown;
  /** What the client wants to be given of the topic's history; `undefined` when it asks for nothing. */
  readonly recover?: RecoverRequest | undefined;
  /** How the client wants to be listed on the topic once it is joined; `undefined` when it does not. */
  readonly presence?: PresenceCard | undefined;
}

/** Asks to leave a channel. */
export interface LeaveMessage extends ChannelMessage, CorrelatedMessage {
  readonly kind: "leave";
}

/** Carries an event to the channel's handler. */
export interface ClientPushMessage extends ChannelMessage, CorrelatedMessage {
  readonly kind: "push";
  /** Chooses the handler. */
  readonly event: string;
  /** A JSON value, or bytes; not validated yet. */
  readonly payload: unknown;
  /** Names the push across retries, so that it is handled once; `undefined` where the client retries nothing. */
  readonly pushId?: string | undefined;
}

/** Proves that the client is alive and asks for the same proof. */
export interface HeartbeatMessage extends CorrelatedMessage {
  readonly kind: "heartbeat";
}

/** Proves that the client is alive, and asks for nothing. */
export interface PongMessage {
  readonly kind: "pong";
}

/** Asks a joined channel for a part of its topic's history, even one that was given before. */
export interface RecoverMessage extends ChannelMessage {
  readonly kind: "recover";
  readonly request: RecoverRequest;
}

/** How a client wants to be listed among those who are on a topic. */
export interface PresenceCard {
  /** Who it is; several clients may share it and count as one. 1–255 characters. */
  readonly id: string;
  /** A JSON value for the others; not validated. */
  readonly info: unknown;
}

/** Asks to be listed on the channel's topic. */
export interface TrackMessage extends ChannelMessage {
  readonly kind: "track";
  readonly presence: PresenceCard;
}

/** Asks to be listed no more. */
export interface UntrackMessage extends ChannelMessage {
  readonly kind: "untrack";
}

/** Asks who is on the channel's topic. */
export interface ListMessage extends ChannelMessage {
  readonly kind: "list";
  /** Whether the answer names everyone, or only counts them. */
  readonly returnsRecords: boolean;
}

/** Carries a value to the other clients on the channel's topic, past its handlers. */
export interface WhisperMessage extends ChannelMessage {
  readonly kind: "whisper";
  /** A JSON value; not validated. */
  readonly payload: unknown;
}

/** What a client asks of a joined channel without its handlers. */
export type ChannelCommand = RecoverMessage | TrackMessage | UntrackMessage | ListMessage | WhisperMessage;

/** Everything that a client can say. */
export type ClientMessage =
  | JoinMessage
  | LeaveMessage
  | ClientPushMessage
  | HeartbeatMessage
  | PongMessage
  | ChannelCommand;

/** Greets a client whose grammar wants a greeting. */
export interface WelcomeMessage {
  readonly kind: "welcome";
  /** Random name of the connection, for grammars whose clients are told one. It opens nothing. */
  readonly sid?: string | undefined;
}

/** Proves to the client that the server is alive. */
export interface PingMessage {
  readonly kind: "ping";
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** Answers a heartbeat. */
export interface HeartbeatReplyMessage extends CorrelatedMessage {
  readonly kind: "heartbeat_reply";
}

/** Says that a join was accepted. */
export interface JoinedMessage extends ChannelMessage, CorrelatedMessage {
  readonly kind: "joined";
  /** What the client's join resolves to; a JSON value, or bytes. */
  readonly response: unknown;
  /** What became of the history that was asked for; `undefined` on topics without history that were not asked. */
  readonly recovery?: RecoveryReport | undefined;
}

/** Says that a join was refused. */
export interface RefusedMessage extends ChannelMessage, CorrelatedMessage {
  readonly kind: "refused";
  /** Why; by convention an object with a `reason`. */
  readonly response: unknown;
}

/** Answers one push or leave. */
export interface ReplyMessage extends ChannelMessage, CorrelatedMessage {
  readonly kind: "reply";
  /** `"ok"`, `"error"`, or a word of the application. */
  readonly status: string;
  /** A JSON value, or bytes. */
  readonly response: unknown;
}

/** Carries an event to one channel of one client. */
export interface ServerPushMessage extends ChannelMessage {
  readonly kind: "push";
  /** Chooses the client's listeners. */
  readonly event: string;
  /** A JSON value, or bytes. */
  readonly payload: unknown;
}

/** Carries an event to every channel on a topic; it has no refs, so that one frame serves all. */
export interface BroadcastMessage {
  readonly kind: "broadcast";
  /** The receiving client's own name for the channel. */
  readonly key: string;
  /** Chooses the client's listeners. */
  readonly event: string;
  /** A JSON value, or bytes. */
  readonly payload: unknown;
  /** The payload as text, where it goes out under other keys too: a grammar may put it into its frame instead of writing it anew. */
  readonly json?: JsonText | undefined;
  /** Its place in the topic's history; `undefined` for what is not kept. */
  readonly stamp?: StreamStamp | undefined;
  /** The topic that was broadcast on, for grammars in which the key does not tell. Given with a stamp. */
  readonly topic?: string | undefined;
}

/** Moves a client past a message of the topic's history that is not for it, such as its own broadcast to others. */
export interface SkipMessage {
  readonly kind: "skip";
  /** The receiving client's own name for the channel. */
  readonly key: string;
  /** The place of the message that is left out. */
  readonly stamp: StreamStamp;
}

/** Says what became of the history that was asked for, after what was found of it has been sent. */
export interface RecoveredMessage extends ChannelMessage {
  readonly kind: "recovered";
  readonly recovery: RecoveryReport;
}

/** What a client learns about those who are on a topic. */
export type PresenceNews =
  /** Somebody came: the first client of an id. */
  | { readonly kind: "came"; readonly card: PresenceCard }
  /** Somebody went: the last client of an id. */
  | { readonly kind: "went"; readonly id: string }
  /** Everyone who is there; `cards` is left out where only the count was asked for. */
  | { readonly kind: "all"; readonly total: number; readonly cards?: readonly PresenceCard[] | undefined }
  /** The question has no answer here. */
  | { readonly kind: "unavailable" };

/** Tells one channel who is on its topic, or who came and went. It has no refs, so that one frame serves all. */
export interface PresenceMessage {
  readonly kind: "presence";
  /** The receiving client's own name for the channel. */
  readonly key: string;
  readonly news: PresenceNews;
}

/** Says that a channel ended as intended. */
export interface EndedMessage extends ChannelMessage {
  readonly kind: "ended";
  /** Who ended it: the client's leave, the handler, or a newer join of the same key. */
  readonly cause: "left" | "stopped" | "replaced";
}

/** Says that a channel ended because its handler failed. The client may join again. */
export interface CrashedMessage extends ChannelMessage {
  readonly kind: "crashed";
}

/** Everything that a server can say before its farewell. */
export type ServerMessage =
  | WelcomeMessage
  | PingMessage
  | HeartbeatReplyMessage
  | JoinedMessage
  | RefusedMessage
  | ReplyMessage
  | ServerPushMessage
  | BroadcastMessage
  | SkipMessage
  | RecoveredMessage
  | PresenceMessage
  | EndedMessage
  | CrashedMessage;
