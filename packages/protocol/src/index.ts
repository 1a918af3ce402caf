export { actionCable } from "./action-cable/index.ts";
export { type CloseCode, type CloseName, CLOSE_CODES, reconnectsAfter } from "./close-code.ts";
export type {
  ChannelContract,
  ReceivedEvent,
  SchemaInput,
  SchemaIssue,
  SchemaOutput,
  SchemaResult,
  StandardSchema,
} from "./contract.ts";
export { type ErrorCode, type ErrorName, ERROR_CODES } from "./error-code.ts";
export { ChannelError, type ChannelErrorOptions, ClosedError, ProtocolError } from "./errors.ts";
export { JsonText } from "./json-text.ts";
export { MAX_JSON_DEPTH, MAX_JSON_ELEMENTS } from "./json.ts";
export type {
  BroadcastMessage,
  ChannelCommand,
  ChannelTarget,
  ClientMessage,
  ClientPushMessage,
  CrashedMessage,
  EndedMessage,
  Frame,
  HeartbeatMessage,
  HeartbeatReplyMessage,
  JoinedMessage,
  JoinMessage,
  LeaveMessage,
  ListMessage,
  PingMessage,
  PongMessage,
  PresenceCard,
  PresenceMessage,
  PresenceNews,
  RecoveredMessage,
  RecoverMessage,
  Ref,
  RefusedMessage,
  ReplyMessage,
  ServerMessage,
  ServerPushMessage,
  SkipMessage,
  TrackMessage,
  UntrackMessage,
  WelcomeMessage,
  WhisperMessage,
} from "./message.ts";
export { decodeServerFrame, encodeClientFrame } from "./phoenix/client-codec.ts";
export { phoenix } from "./phoenix/index.ts";
export { type PhoenixMessage, SKIP_EVENT } from "./phoenix/phoenix-message.ts";
export { HUTONG_VSN } from "./phoenix/vsn.ts";
export {
  type Arrival,
  judgeArrival,
  positionOf,
  readPosition,
  readReport,
  readStamp,
  RECOVERY_REASONS,
  type RecoverRequest,
  type RecoveryReason,
  type RecoveryReport,
  type StreamPosition,
  type StreamStamp,
  type TopicOffset,
  writePosition,
  writeStamp,
} from "./stream-position.ts";
export { isTopic, isTopicPattern, matchesTopic, MAX_TOPIC_BYTES, type TopicPattern } from "./topic.ts";
export type {
  Farewell,
  Grammar,
  HandshakeOffer,
  Negotiation,
  WireProtocol,
  WireProtocolTraits,
} from "./wire-protocol.ts";
