export { CableClient } from "./cable-client.ts";
export { type BrokerCluster, brokerConformance, type BrokerFactory } from "./conformance/broker.ts";
export {
  type HistoryStoreBench,
  historyStoreConformance,
  type HistoryStoreFactory,
} from "./conformance/history-store.ts";
export type { ConformanceOptions, Gap } from "./conformance/scenarios.ts";
export {
  transportConformance,
  type TransportFactory,
  type TransportPair,
  type TransportPeer,
} from "./conformance/transport.ts";
export { wireProtocolConformance } from "./conformance/wire-protocol.ts";
export { DEFAULT_LIMIT_MS, type EventSource, eventually, next, type WaitOptions } from "./eventually.ts";
export { FakeClock } from "./fake-clock.ts";
export { FrameClient, type FrameLink } from "./frame-client.ts";
export { connectLoopback, connectLoopbackCable, type LoopbackOptions } from "./loopback.ts";
export { overWebSocket, type WebSocketLike } from "./over-web-socket.ts";
export { PhoenixClient, type PhoenixFrame } from "./phoenix-client.ts";
export { type ObservedClose, ScriptedTransport, type ScriptedTransportOptions } from "./scripted-transport.ts";
export { TelemetryRecorder } from "./telemetry-recorder.ts";
export { startTestServer, type TestServer, type TestServerOptions } from "./test-server.ts";
