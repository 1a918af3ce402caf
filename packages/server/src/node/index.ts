export { type CompressionOptions, DEFAULT_COMPRESSION } from "./compression.ts";
export { type AddressOf, createAddressOf } from "./client-address.ts";
export { DEFAULT_MOUNTS, Endpoint } from "./endpoint.ts";
export { type Listener, listen, type ListenOptions } from "./listen.ts";
export { DEFAULT_LOAD_LIMITS, type LoadLimits } from "./load-guard.ts";
export {
  actionCableAt,
  DEFAULT_LONG_POLL_LIMITS,
  type LongPollLimits,
  type MountPlan,
  type NodeMountOptions,
  phoenixAt,
  type PhoenixMountOptions,
  type RefusalAnswer,
  webSocketAt,
} from "./node-mount.ts";
export { isOriginAllowed, type OriginPolicy } from "./origin.ts";
