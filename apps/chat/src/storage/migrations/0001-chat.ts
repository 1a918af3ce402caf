import type { Migration } from "@hutong/database";
import { sql } from "kysely";

/**
 * A table: its columns, then its keys. The statements are the same on both engines, but for `clustered`: SQLite
 * keeps such a table in the order of its primary key, which halves the cost of reading a page of it.
 */
interface TablePlan {
  readonly name: string;
  readonly columns: string;
  readonly primaryKey: string;
  readonly clustered?: boolean;
  readonly unique?: readonly string[];
  readonly indexes?: readonly string[];
}

const TABLES: readonly TablePlan[] = [
  {
    name: "users",
    columns: `id text not null, username text, display_username text, kind text not null, nickname text not null,
      avatar text, details text not null, settings text not null, status text not null, user_seq bigint not null,
      created_at bigint not null, last_seen_at bigint not null`,
    primaryKey: "id",
    unique: ["username"],
    indexes: ["avatar"],
  },
  {
    name: "identities",
    columns: `provider text not null, subject text not null, user_id text not null, secret text not null,
      created_at bigint not null`,
    primaryKey: "provider, subject",
    indexes: ["user_id"],
  },
  {
    name: "sessions",
    columns: `id text not null, user_id text not null, token_hash text not null, previous_hash text,
      rotated_at bigint not null, device_key text not null, platform text not null, device_name text not null,
      created_at bigint not null, last_seen_at bigint not null, expires_at bigint not null,
      revoked_at bigint not null, revoked_reason text not null`,
    primaryKey: "id",
    indexes: ["user_id, revoked_at", "revoked_at", "expires_at"],
  },
  {
    name: "tickets",
    columns: "hash text not null, session_id text not null, expires_at bigint not null",
    primaryKey: "hash",
    indexes: ["expires_at"],
  },
  {
    name: "conversations",
    columns: `id text not null, type text not null, unique_key text, title text not null, avatar text,
      notice text not null, owner_id text, join_mode text not null, mute_all bigint not null,
      slow_mode_ms bigint not null, history_visible bigint not null, state text not null, member_count bigint not null,
      last_seq bigint not null, last_counted bigint not null, change_seq bigint not null, meta_seq bigint not null,
      min_seq bigint not null, mention_all_seq bigint not null, last_message_at bigint not null,
      updated_at bigint not null, created_at bigint not null`,
    primaryKey: "id",
    unique: ["unique_key"],
    indexes: ["avatar"],
  },
  {
    name: "members",
    columns: `conversation_id text not null, user_id text not null, role text not null, alias text not null,
      read_seq bigint not null, read_counted bigint not null, received_seq bigint not null, min_seq bigint not null,
      max_seq bigint not null, muted_until bigint not null, notify bigint not null, pinned_at bigint not null,
      hidden bigint not null, marked_unread bigint not null, last_sent_at bigint not null, joined_at bigint not null,
      left_at bigint not null, updated_at bigint not null`,
    primaryKey: "conversation_id, user_id",
    clustered: true,
    indexes: ["user_id, left_at, hidden, conversation_id", "conversation_id, read_seq"],
  },
  {
    name: "messages",
    columns: `conversation_id text not null, seq bigint not null, id text not null, counted bigint not null,
      sender_id text not null, sender_name text, client_message_id text, content_hash text not null, type text not null,
      body text not null, reply_to bigint not null, mentions text not null, mentions_all bigint not null,
      forwarded bigint not null, state text not null, recalled_by text, version bigint not null,
      edited_at bigint not null, created_at bigint not null`,
    primaryKey: "conversation_id, seq",
    clustered: true,
    unique: ["id", "sender_id, client_message_id"],
  },
  {
    name: "message_changes",
    columns: `conversation_id text not null, change_seq bigint not null, seq bigint not null, kind text not null,
      actor_id text not null, created_at bigint not null`,
    primaryKey: "conversation_id, change_seq",
    clustered: true,
  },
  {
    name: "reactions",
    columns: `conversation_id text not null, seq bigint not null, user_id text not null, emoji text not null,
      created_at bigint not null`,
    primaryKey: "conversation_id, seq, user_id, emoji",
    clustered: true,
  },
  {
    name: "mentions",
    columns: "user_id text not null, conversation_id text not null, seq bigint not null",
    primaryKey: "user_id, conversation_id, seq",
    clustered: true,
  },
  {
    name: "hidden_messages",
    columns: "user_id text not null, conversation_id text not null, seq bigint not null",
    primaryKey: "user_id, conversation_id, seq",
    clustered: true,
  },
  {
    name: "user_events",
    columns: `user_id text not null, user_seq bigint not null, kind text not null, payload text not null,
      created_at bigint not null`,
    primaryKey: "user_id, user_seq",
    clustered: true,
    indexes: ["created_at"],
  },
  {
    name: "friendships",
    columns: `user_id text not null, friend_id text not null, remark text not null, starred bigint not null,
      hide_mine bigint not null, hide_theirs bigint not null, created_at bigint not null`,
    primaryKey: "user_id, friend_id",
    clustered: true,
    indexes: ["friend_id"],
  },
  {
    name: "friend_requests",
    columns: `id text not null, from_id text not null, to_id text not null, pending_key text, message text not null,
      remark text not null, state text not null, created_at bigint not null, handled_at bigint not null`,
    primaryKey: "id",
    unique: ["pending_key"],
    indexes: ["to_id, id", "from_id, id"],
  },
  {
    name: "blocks",
    columns: "user_id text not null, blocked_id text not null, created_at bigint not null",
    primaryKey: "user_id, blocked_id",
    clustered: true,
    indexes: ["blocked_id"],
  },
  {
    name: "stranger_counts",
    columns: "to_id text not null, from_id text not null, count bigint not null",
    primaryKey: "to_id, from_id",
    clustered: true,
  },
  {
    name: "group_invites",
    columns: `token text not null, conversation_id text not null, creator_id text not null, max_uses bigint not null,
      uses bigint not null, expires_at bigint not null, revoked_at bigint not null`,
    primaryKey: "token",
    indexes: ["conversation_id"],
  },
  {
    name: "join_requests",
    columns: `id text not null, conversation_id text not null, user_id text not null, invited_by text,
      pending_key text, message text not null, state text not null, created_at bigint not null, handled_by text`,
    primaryKey: "id",
    unique: ["pending_key"],
    indexes: ["conversation_id, state, id"],
  },
  {
    name: "files",
    columns: `id text not null, owner_id text not null, sha256 text not null, size bigint not null, mime text not null,
      name text not null, width bigint not null, height bigint not null, storage_key text not null, thumbnail_key text,
      purpose text not null, created_at bigint not null`,
    primaryKey: "id",
    indexes: ["owner_id, sha256", "created_at", "storage_key"],
  },
  {
    name: "file_references",
    columns: "file_id text not null, conversation_id text not null, seq bigint not null",
    primaryKey: "file_id, conversation_id, seq",
    clustered: true,
    indexes: ["conversation_id, seq"],
  },
  {
    name: "idempotency",
    columns: `user_id text not null, key text not null, request_hash text not null,
      body text not null, created_at bigint not null`,
    primaryKey: "user_id, key",
    indexes: ["created_at"],
  },
  {
    name: "outbox",
    columns: `id text not null, topic text not null, payload text not null, attempts bigint not null,
      next_at bigint not null, done_at bigint not null`,
    primaryKey: "id",
    indexes: ["done_at, next_at"],
  },
  {
    name: "audit",
    columns: `id text not null, at bigint not null, actor_id text, action text not null, target text not null,
      detail text not null`,
    primaryKey: "id",
    indexes: ["at", "target, at"],
  },
];

/** Accounts, conversations, messages, friends, groups and files. */
export const CHAT: Migration = {
  name: "0001_chat",
  async up(database, kind) {
    for (const { name, columns, primaryKey, clustered = false, unique = [], indexes = [] } of TABLES) {
      const suffix = clustered && kind === "sqlite" ? " without rowid" : "";
      await sql.raw(`create table ${name} (${columns}, primary key (${primaryKey}))${suffix}`).execute(database);
      for (const [place, list] of unique.entries())
        await sql.raw(`create unique index ${name}_unique_${place} on ${name} (${list})`).execute(database);
      for (const [place, list] of indexes.entries())
        await sql.raw(`create index ${name}_index_${place} on ${name} (${list})`).execute(database);
    }
  },
};
