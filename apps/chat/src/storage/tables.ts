// The tables as the code sees them. Ids are text made by the application and sort by time; times are milliseconds
// since 1970, 0 for "never"; flags are 0 and 1; JSON is text. Both engines have exactly these columns.

type Flag = 0 | 1;

interface UserTable {
  id: string;
  /** Lower case, for looking up; `null` for visitors and for users who came by WeChat alone. */
  username: string | null;
  /** As it was written. */
  display_username: string | null;
  kind: "user" | "visitor" | "bot" | "system";
  nickname: string;
  avatar: string | null;
  /** JSON of `ProfileDetails`. */
  details: string;
  /** JSON of `Settings`. */
  settings: string;
  status: "active" | "disabled" | "deleted";
  /** Number of the last row in `user_events`. */
  user_seq: number;
  created_at: number;
  last_seen_at: number;
}

/** How somebody proves to be a user: a password, or an openid of WeChat. */
interface IdentityTable {
  provider: "password" | "wechat";
  /** The user's id for a password, the openid for WeChat. */
  subject: string;
  user_id: string;
  /** The password's hash; the session key of WeChat. */
  secret: string;
  created_at: number;
}

/** One signed-in device. */
interface SessionTable {
  id: string;
  user_id: string;
  /** SHA-256 of the refresh token. */
  token_hash: string;
  /** The refresh token before: good for a while, should the answer that brought the next one be lost. */
  previous_hash: string | null;
  /** When the refresh token was traded for the next one. */
  rotated_at: number;
  device_key: string;
  platform: string;
  device_name: string;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
  /** 0 while the session lives. */
  revoked_at: number;
  revoked_reason: "" | "signed_out" | "signed_in_elsewhere" | "account_disabled" | "session_ended";
}

/** Tickets for one handshake. */
interface TicketTable {
  hash: string;
  session_id: string;
  expires_at: number;
}

interface ConversationTable {
  id: string;
  type: "direct" | "group" | "room";
  /**
   * `<smaller id>:<larger id>` of a direct conversation, `room:<name>` of a room, `group:<creator>:<client group id>` of a
   * group whose creator gave one, otherwise `null`.
   */
  unique_key: string | null;
  title: string;
  avatar: string | null;
  notice: string;
  owner_id: string | null;
  join_mode: "open" | "invite" | "approval" | "closed";
  mute_all: Flag;
  slow_mode_ms: number;
  history_visible: Flag;
  state: "active" | "dismissed";
  member_count: number;
  last_seq: number;
  /** Number of messages that count as unread. */
  last_counted: number;
  change_seq: number;
  meta_seq: number;
  /** Messages up to it have been thrown away. */
  min_seq: number;
  /** The last message that mentions everyone. */
  mention_all_seq: number;
  last_message_at: number;
  /** Time of the last message, change or setting: what a client asks for that was away. */
  updated_at: number;
  created_at: number;
}

interface MemberTable {
  conversation_id: string;
  user_id: string;
  role: "member" | "admin" | "owner";
  alias: string;
  read_seq: number;
  /** `counted` of the message at `read_seq`, so that unread is one subtraction. */
  read_counted: number;
  received_seq: number;
  min_seq: number;
  /** The last message that is visible to someone who has left; 0 while a member. */
  max_seq: number;
  muted_until: number;
  notify: Flag;
  pinned_at: number;
  hidden: Flag;
  marked_unread: Flag;
  last_sent_at: number;
  joined_at: number;
  /** 0 while a member. */
  left_at: number;
  /** Time of the last change of this row that the member's other devices have to hear of. */
  updated_at: number;
}

interface MessageTable {
  conversation_id: string;
  seq: number;
  id: string;
  /** How many messages that count there are up to this one, itself included if it counts. */
  counted: number;
  sender_id: string;
  /** Of a sender without an account. */
  sender_name: string | null;
  client_message_id: string | null;
  /** SHA-256 of what was sent, to tell a retry from another message under the same id. */
  content_hash: string;
  type: string;
  /** JSON. */
  body: string;
  reply_to: number;
  /** JSON list of user ids. */
  mentions: string;
  mentions_all: Flag;
  forwarded: Flag;
  state: "sent" | "recalled" | "removed";
  /** Who recalled it. */
  recalled_by: string | null;
  version: number;
  edited_at: number;
  created_at: number;
}

interface MessageChangeTable {
  conversation_id: string;
  change_seq: number;
  seq: number;
  kind: "edit" | "recall" | "reaction" | "removal";
  actor_id: string;
  created_at: number;
}

interface ReactionTable {
  conversation_id: string;
  seq: number;
  user_id: string;
  emoji: string;
  created_at: number;
}

interface MentionTable {
  user_id: string;
  conversation_id: string;
  seq: number;
}

/** Messages that one user does not want to see any more. */
interface HiddenMessageTable {
  user_id: string;
  conversation_id: string;
  seq: number;
}

interface UserEventTable {
  user_id: string;
  user_seq: number;
  kind: string;
  /** JSON of the event. */
  payload: string;
  created_at: number;
}

/** One direction of a friendship; the other has a row of its own. */
interface FriendshipTable {
  user_id: string;
  friend_id: string;
  remark: string;
  starred: Flag;
  hide_mine: Flag;
  hide_theirs: Flag;
  created_at: number;
}

interface FriendRequestTable {
  id: string;
  from_id: string;
  to_id: string;
  /** `<from>:<to>` while pending, otherwise `null`: one pending request at a time. */
  pending_key: string | null;
  message: string;
  /** What the sender will call the friend. */
  remark: string;
  state: "pending" | "accepted" | "refused" | "ignored" | "expired";
  created_at: number;
  handled_at: number;
}

interface BlockTable {
  user_id: string;
  blocked_id: string;
  created_at: number;
}

/** How many messages a stranger has sent to somebody. */
interface StrangerCountTable {
  to_id: string;
  from_id: string;
  count: number;
}

interface GroupInviteTable {
  token: string;
  conversation_id: string;
  creator_id: string;
  /** 0 is without a limit. */
  max_uses: number;
  uses: number;
  expires_at: number;
  revoked_at: number;
}

interface JoinRequestTable {
  id: string;
  conversation_id: string;
  user_id: string;
  invited_by: string | null;
  pending_key: string | null;
  message: string;
  state: "pending" | "accepted" | "refused";
  created_at: number;
  handled_by: string | null;
}

interface FileTable {
  id: string;
  owner_id: string;
  sha256: string;
  size: number;
  mime: string;
  name: string;
  width: number;
  height: number;
  /** Where the file store keeps the content; files with the same content of one owner share it. */
  storage_key: string;
  thumbnail_key: string | null;
  /** `"profile"` is readable by everyone with a session: an avatar. */
  purpose: "message" | "profile";
  created_at: number;
}

/** A message that shows a file. */
interface FileReferenceTable {
  file_id: string;
  conversation_id: string;
  seq: number;
}

/** Answers of calls with an idempotency key. */
interface IdempotencyTable {
  user_id: string;
  key: string;
  request_hash: string;
  body: string;
  created_at: number;
}

/** Work that follows a committed transaction: push, webhooks, bots. */
interface OutboxTable {
  id: string;
  topic: string;
  payload: string;
  attempts: number;
  next_at: number;
  done_at: number;
}

interface AuditTable {
  id: string;
  at: number;
  actor_id: string | null;
  action: string;
  target: string;
  detail: string;
}

/** What WeChat vouched for when somebody logged in with its data. */
interface WechatProfileTable {
  openid: string;
  user_id: string;
  nick_name: string;
  avatar_url: string;
  updated_at: number;
}

/** A login of a wafer client; it lives no longer than the session that it stands for. */
interface WaferSessionTable {
  id: string;
  /** SHA-256 of the skey. */
  skey_hash: string;
  openid: string;
  user_id: string;
  session_id: string;
  created_at: number;
  expires_at: number;
}

/** The access token of each application, for all processes. */
interface WechatTokenTable {
  app_id: string;
  token: string;
  expires_at: number;
}

/** How many messages of a template a user still allows. */
interface WechatSubscriptionTable {
  openid: string;
  template_id: string;
  count: number;
}

/** Files that WeChat is asked about, and the message that shows each. */
interface MediaCheckTable {
  trace_id: string;
  conversation_id: string;
  seq: number;
  created_at: number;
}

/** Every table of the chat. */
export interface Tables {
  users: UserTable;
  identities: IdentityTable;
  sessions: SessionTable;
  tickets: TicketTable;
  conversations: ConversationTable;
  members: MemberTable;
  messages: MessageTable;
  message_changes: MessageChangeTable;
  reactions: ReactionTable;
  mentions: MentionTable;
  hidden_messages: HiddenMessageTable;
  user_events: UserEventTable;
  friendships: FriendshipTable;
  friend_requests: FriendRequestTable;
  blocks: BlockTable;
  stranger_counts: StrangerCountTable;
  group_invites: GroupInviteTable;
  join_requests: JoinRequestTable;
  files: FileTable;
  file_references: FileReferenceTable;
  idempotency: IdempotencyTable;
  outbox: OutboxTable;
  audit: AuditTable;
  wechat_profiles: WechatProfileTable;
  wafer_sessions: WaferSessionTable;
  wechat_tokens: WechatTokenTable;
  wechat_subscriptions: WechatSubscriptionTable;
  media_checks: MediaCheckTable;
}
