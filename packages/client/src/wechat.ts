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
export { durableOutbox, type DurableOutboxOptions, type OutboxFactory } from "./outbox/durable-outbox.ts";
export type { SocketState } from "./link/socket-state.ts";
export type { Outbox, OutboxEntry, OutboxState } from "./outbox/outbox.ts";
export { createPresence, type Presence } from "./presence.ts";
export type { PresenceChange, PresenceEntries, PresenceMeta } from "./presence-entries.ts";
export type { PushOptions } from "./push-options.ts";
export type { ReconnectOptions } from "./reconnect.ts";
export type { Snapshot, SnapshotState } from "./channel/snapshot-loader.ts";
export type { Socket, SocketEvents, SocketFrame } from "./socket.ts";
export type { KeyValueStorage } from "./storage/key-value-storage.ts";
export { memoryStorage } from "./storage/memory-storage.ts";
export type { WaitOptions } from "./wait.ts";
export { createSocket, type WechatSocketOptions } from "./wechat/create-socket.ts";
export { WECHAT_ERROR_CODES, WechatError, type WechatErrorCode } from "./wechat/wechat-error.ts";
export { wechatStorage } from "./wechat/wechat-storage.ts";
export type { Wx } from "./wechat/wx.ts";
