export { type Clock, systemClock } from "./clock.ts";
export type { Connection } from "./connection/connection.ts";
export { EncodedFrame } from "./encoded-frame.ts";
export type {
  Awaitable,
  HistoryDraft,
  HistoryEntry,
  HistoryQuery,
  HistorySlice,
  HistoryStore,
  Retention,
} from "./history/history-store.ts";
export { MemoryHistoryStore, type MemoryHistoryStoreOptions } from "./history/memory-history-store.ts";
export { KeyedBuckets } from "./limits/keyed-buckets.ts";
export { networkOf } from "./limits/network-of.ts";
export type { Rate } from "./limits/token-bucket.ts";
export { Mount, type MountOptions } from "./connection/mount.ts";
export type { Broker, Envelope } from "./pubsub/broker.ts";
export { MemoryBroker, MemoryBrokerHub } from "./pubsub/memory-broker.ts";
export { FrameBatch } from "./transport/frame-batch.ts";
export { type LoopbackPeer, LoopbackTransport } from "./transport/loopback.ts";
export type { Transport, TransportReceiver } from "./transport/transport.ts";
