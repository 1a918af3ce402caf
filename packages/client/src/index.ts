export {
  type ChannelContract,
  ChannelError,
  ClosedError,
  type RecoveryReason,
  type StreamPosition,
} from "@hutong/protocol";
export type { Channel, ChannelArguments, ChannelOptions, ChannelRecovery, ChannelState } from "./channel.ts";
export type { Clock } from "./clock.ts";
export type {
  EventPayload,
  JoinParams,
  PresenceEvent,
  PushArguments,
  PushEvent,
  PushPayload,
  PushReply,
  SentEvent,
  UntypedContract,
} from "./contract-types.ts";
export { createSocket } from "./create-socket.ts";
export { durableOutbox, type DurableOutboxOptions, type OutboxFactory } from "./outbox/durable-outbox.ts";
export type { SocketState } from "./link/socket-state.ts";
export { DEFAULT_SOCKET_OPTIONS, type SocketOptions } from "./options.ts";
export type { Outbox, OutboxEntry, OutboxState } from "./outbox/outbox.ts";
export { createPresence, type Presence } from "./presence.ts";
export type { PresenceChange, PresenceEntries, PresenceMeta } from "./presence-entries.ts";
export type { PushOptions } from "./push-options.ts";
export { DEFAULT_RECONNECT, type ReconnectOptions } from "./reconnect.ts";
export type { Snapshot, SnapshotState } from "./channel/snapshot-loader.ts";
export type { Socket, SocketEvents, SocketFrame } from "./socket.ts";
export { indexedDbStorage } from "./storage/indexed-db-storage.ts";
export type { KeyValueStorage } from "./storage/key-value-storage.ts";
export { memoryStorage } from "./storage/memory-storage.ts";
export type { FetchLike, FetchRequest } from "./transports/long-poll.ts";
export type {
  Transport,
  TransportClose,
  TransportFactory,
  TransportHandlers,
  TransportRequest,
} from "./transports/transport.ts";
export type { WebSocketConstructor, WebSocketEventLike, WebSocketLike } from "./transports/web-socket.ts";
export type { WaitOptions } from "./wait.ts";
