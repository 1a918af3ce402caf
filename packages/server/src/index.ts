export type { Channel, ChannelPresence, ConnectionInfo } from "./channel/channel.ts";
export {
  type Answer,
  type CableOptions,
  type ChannelDefinition,
  channelsFor,
  type ChannelSpec,
  DEFAULT_HISTORY,
  defineChannel,
  type DefineChannel,
  type Handler,
  type HandlerResult,
  type HistoryOptions,
  type JoinContext,
  type PeriodicTimer,
} from "./channel/define-channel.ts";
export { pubsubChannel, type PubsubChannelOptions } from "./channel/pubsub-channel.ts";
export { createSignedStreams, type SignedStreams, type SignedStreamsOptions } from "./channel/signed-streams.ts";
export { type Accept, accept, crash, type Refuse, refuse, type Reply, reply, type Stop, stop } from "./results.ts";
export type { ConnectHandler, ConnectionAdmission, ConnectRequest, QueryParams } from "./connect.ts";
export {
  type ChannelLimits,
  type ConnectionLimits,
  DEFAULT_CHANNEL_LIMITS,
  DEFAULT_CONNECTION_LIMITS,
  DEFAULT_SERVER_LIMITS,
  type ServerLimits,
} from "./options.ts";
export type { PresenceDiff, PresenceMeta, PresenceState } from "./presence/presence-diff.ts";
export { DEFAULT_PRESENCE_LIMITS, type PresenceLimits } from "./presence/presence-limits.ts";
export { createServer, type Server, type ServerOptions } from "./server.ts";
export type {
  ConnectionRefusal,
  ConnectionReport,
  FrameTrace,
  HandledResult,
  ServerState,
  ServerStats,
  Telemetry,
  TelemetryEvent,
  Traffic,
} from "./telemetry.ts";
