import type { Migration } from "@hutong/database";
import { sql } from "kysely";

const STATEMENTS = [
  `create table wechat_profiles (openid text not null, user_id text not null, nick_name text not null,
    avatar_url text not null, updated_at bigint not null, primary key (openid))`,
  "create unique index wechat_profiles_unique_0 on wechat_profiles (user_id)",
  `create table wafer_sessions (id text not null, skey_hash text not null, openid text not null, user_id text not null,
    session_id text not null, created_at bigint not null, expires_at bigint not null, primary key (id))`,
  "create unique index wafer_sessions_unique_0 on wafer_sessions (skey_hash)",
  "create index wafer_sessions_index_0 on wafer_sessions (user_id, created_at)",
  "create index wafer_sessions_index_1 on wafer_sessions (expires_at)",
  `create table wechat_tokens (app_id text not null, token text not null, expires_at bigint not null,
    primary key (app_id))`,
  `create table wechat_subscriptions (openid text not null, template_id text not null, count bigint not null,
    primary key (openid, template_id))`,
  `create table media_checks (trace_id text not null, conversation_id text not null, seq bigint not null,
    created_at bigint not null, primary key (trace_id))`,
  "create index media_checks_index_0 on media_checks (created_at)",
];

/** WeChat: what it says of people, the sessions of wafer's clients, and what is owed to its interfaces. */
export const WAFER: Migration = {
  name: "0003_wafer",
  async up(database) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(database);
  },
};
