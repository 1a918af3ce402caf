export { type Access, type Action } from "./action.ts";
export {
  type ActionInput,
  type ActionName,
  type ActionOutput,
  ACTIONS,
  type AnonymousActionName,
  type InboxContract,
  type ParsedInput,
  type SocketActionName,
} from "./actions.ts";
export { accountActions, session, type Session } from "./actions/account-actions.ts";
export { conversationActions } from "./actions/conversation-actions.ts";
export { friendActions } from "./actions/friend-actions.ts";
export { groupActions } from "./actions/group-actions.ts";
export { messageActions } from "./actions/message-actions.ts";
export { type Snapshot, snapshot, syncActions, syncInput } from "./actions/sync-actions.ts";
export { CHAT_ERROR_CODES, type ChatErrorCode, type ChatErrorName, isChatErrorName } from "./error-code.ts";
export { INBOX_EVENTS, type InboxEvent, type InboxEventName, type UserEvent, type UserEventContent } from "./events.ts";
export type { ConnectionRow, InspectorSnapshot, TopicRow, TracedFrame, TraceEnd, Trouble } from "./inspector.ts";
export { CHAT_LIMITS } from "./limits.ts";
export { toLine } from "./line.ts";
export {
  type Change,
  type Conversation,
  type ConversationMeta,
  type ConversationType,
  type Device,
  file,
  type Friend,
  type FriendRequest,
  type Invite,
  type JoinMode,
  type JoinRequest,
  type Me,
  type Member,
  type Message,
  type MessageContent,
  type NoticeContent,
  type Presence,
  type ProfileDetails,
  profileDetails,
  type Reaction,
  type Role,
  type Settings,
  settings,
  type StoredFile,
  type User,
} from "./resources.ts";
