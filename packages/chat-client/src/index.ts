export { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals-core";
export { type AnonymousCall, type Call, createAnonymousCall, type TokenSource } from "./calls/call.ts";
export { CallError, codeOf } from "./calls/call-error.ts";
export {
  createHttpCall,
  type HttpAnswer,
  type HttpCall,
  type HttpRequest,
  readAnswer,
  type SendRequest,
} from "./calls/http-call.ts";
export { type Fetch, sendByFetch } from "./calls/send-by-fetch.ts";
export { type Chat, type ChatOptions, createChat } from "./chat.ts";
export type { ChatClock } from "./clock.ts";
export type { Contacts } from "./contacts.ts";
export type { ConversationBook, ConversationEntry, Marks } from "./conversations/conversation-book.ts";
export { type Delivery, deliveryOf } from "./conversations/delivery.ts";
export type { MessageLog, SeqRange } from "./conversations/message-log.ts";
export { type MessageRow, type RowSource, toMessageRows } from "./conversations/message-rows.ts";
export type { Drafts } from "./drafts.ts";
export { DEFAULT_KEPT_LIMITS, type KeptLimits } from "./keeper.ts";
export type { Outbox } from "./outbox/outbox.ts";
export type { Draft, OutboxEntry, OutboxState } from "./outbox/outbox-entry.ts";
export type { PendingFiles } from "./outbox/outbox-store.ts";
export type { Reading } from "./reading.ts";
export { followSession } from "./session/follow-session.ts";
export {
  type EndReason,
  SessionStore,
  type SessionStoreOptions,
  type SessionTabs,
  type SignedIn,
} from "./session/session-store.ts";
export { type CatchUp, olderThanHeld } from "./sync/catch-up.ts";
export type { LinkState, SocketFactory, SocketLogin } from "./sync/chat-link.ts";
export type { SyncEngine, SyncPosition } from "./sync/sync-engine.ts";
