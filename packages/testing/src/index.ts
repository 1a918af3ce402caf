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
export type { ClientEvent, Invariant, Violation } from "./faults/client-walk.ts";
export { FaultProxy, type FaultProxyOptions, startFaultProxy } from "./faults/fault-proxy.ts";
export type { Direction, FaultAction, FaultEvent, FaultRule, ProxyTraffic } from "./faults/fault-rule.ts";
export { HistoryChecker, type Verdict } from "./faults/history-checker.ts";
export { type LoggedMessage, MessageLog } from "./faults/message-log.ts";
export { ModelClient } from "./faults/model-client.ts";
export { ProxiedConnection } from "./faults/proxied-connection.ts";
export { SeededRandom } from "./faults/seeded-random.ts";
export type {
  PushOutcome,
  SimulatedClient,
  SimulatedClientFactory,
  SimulatedPush,
  SimulatedSeat,
} from "./faults/simulated-client.ts";
export { type LinkHandlers, SimulatedLink } from "./faults/simulated-link.ts";
export { simulate, type SimulationOptions, type SimulationResult } from "./faults/simulator.ts";
export { FrameClient, type FrameLink } from "./frame-client.ts";
export { connectLoopback, connectLoopbackCable, type LoopbackOptions } from "./loopback.ts";
export { overWebSocket, type WebSocketLike } from "./over-web-socket.ts";
export { PhoenixClient, type PhoenixFrame } from "./phoenix-client.ts";
export { type ObservedClose, ScriptedTransport, type ScriptedTransportOptions } from "./scripted-transport.ts";
export { TelemetryRecorder } from "./telemetry-recorder.ts";
export { startTestServer, type TestServer, type TestServerOptions } from "./test-server.ts";
export { createFakeWechat, FakeWechat, type FakeWechatOptions } from "./wechat/fake-wechat.ts";
export { FakeWechatAccount, type WechatLoginSession, type WechatProfile } from "./wechat/fake-wechat-account.ts";
export type { FakeWechatFault, FakeWechatFaultOptions } from "./wechat/fake-wechat-faults.ts";
export type { WechatCredentials } from "./wechat/fake-wechat-login.ts";
export type {
  FakeWechatPushes,
  WechatPushDelivery,
  WechatPushEvent,
  WechatPushTarget,
  WechatPushValue,
} from "./wechat/fake-wechat-pushes.ts";
export type { FakeWechatSecurity, WechatJudgement } from "./wechat/fake-wechat-security.ts";
export type { FakeWechatSubscriptions, WechatSubscribeMessage } from "./wechat/fake-wechat-subscriptions.ts";
export type { FakeWechatTokens } from "./wechat/fake-wechat-tokens.ts";
export { createFakeWx, FakeWx, type FakeWxApi, type FakeWxOptions, type FakeWxRun } from "./wechat/fake-wx.ts";
export type { FakeWxApp, FakeWxAppState } from "./wechat/fake-wx-app.ts";
export { SkippingClock } from "./wechat/fake-wx-clock.ts";
export type {
  FakeWxConnect,
  FakeWxHandshake,
  FakeWxHttpRequest,
  FakeWxHttpResponse,
  FakeWxLink,
  FakeWxLinkHandlers,
  FakeWxSend,
} from "./wechat/fake-wx-network.ts";
export { createWxRealm, type WxRealm, type WxRealmOptions } from "./wechat/fake-wx-realm.ts";
export type { FakeSocketTask } from "./wechat/fake-wx-sockets.ts";
export type { WechatAccount, WechatSignedUserInfo, WechatUserInfo } from "./wechat/wechat-account.ts";
