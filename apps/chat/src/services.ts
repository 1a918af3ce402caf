import type { Database } from "@hutong/database";
import type { Server } from "@hutong/server";
import type { Clock } from "@hutong/server/plugin";
import type { Hono } from "hono";
import { type Accounts, createAccounts } from "./accounts/accounts.ts";
import type { CodeToSession } from "./accounts/wechat-accounts.ts";
import type { Handlers } from "./api/handlers.ts";
import { createPerform, type Perform } from "./api/perform.ts";
import type { Config } from "./config.ts";
import { conversationHandlers } from "./conversations/conversation-handlers.ts";
import { createFiles, type Files } from "./files/files.ts";
import { fileReferences } from "./files/file-references.ts";
import type { OpenedFileStore } from "./files/open-file-store.ts";
import { isOwnAvatar } from "./files/own-avatar.ts";
import { friendHandlers } from "./friends/friend-handlers.ts";
import { groupHandlers } from "./groups/group-handlers.ts";
import type { HttpEnvironment } from "./http/http-environment.ts";
import { Housekeeping } from "./housekeeping.ts";
import type { IdempotentCalls } from "./http/idempotent-calls.ts";
import { Inbox } from "./inbox/inbox.ts";
import { messageHandlers } from "./messages/message-handlers.ts";
import { PacedMessageStore } from "./messages/paced-message-store.ts";
import { SqlMessageStore } from "./messages/sql-message-store.ts";
import { LOBBY_NAME } from "./rooms/lobby.ts";
import { RoomFeed } from "./rooms/room-feed.ts";
import { RoomRetention } from "./rooms/room-retention.ts";
import { RoomTalk } from "./rooms/room-talk.ts";
import type { Tables } from "./storage/tables.ts";
import { syncHandlers } from "./sync/sync-handlers.ts";
import { PictureLinks } from "./wafer/picture-links.ts";
import { createWafer, type Wafer } from "./wafer/wafer.ts";
import { createWechat } from "./wechat/wechat.ts";
import { WechatHooks } from "./wechat/wechat-hooks.ts";

/** What {@link createServices} puts together. Nothing of it is closed there. */
export interface ServicesParts {
  readonly config: Config;
  readonly database: Database<Tables>;
  readonly fileStore: OpenedFileStore;
  readonly server: Pick<Server, "broadcast" | "revoke">;
  readonly secret: Uint8Array;
  readonly clock: Clock;
  /** Exchanges login codes where no application of WeChat is configured: those of the phone in the browser. */
  readonly codeToSession: CodeToSession | undefined;
  /** Hears of what failed where nobody waits for it. */
  readonly failed: (place: string, error: unknown) => void;
}

/** The chat without its network: everything that an action can reach. */
export interface Services {
  readonly perform: Perform;
  readonly accounts: Accounts;
  /** Keeps what is said in rooms; `undefined` where rooms forget. */
  readonly roomTalk: RoomTalk | undefined;
  /** Mini-programs of wafer and panda; `undefined` where rooms forget. */
  readonly wafer: Wafer | undefined;
  /** What WeChat calls; `undefined` where it is not configured. */
  readonly wechatRoutes: Hono<HttpEnvironment> | undefined;
  readonly files: Files;
  readonly idempotentCalls: IdempotentCalls;
  /** Begins the work that goes on beside the calls. */
  start(): void;
  /** Ends it. */
  close(): Promise<void>;
}

/** How often clients ask whether something moved. Below the minute after which proxies close a silent connection. */
const HEARTBEAT_MS = 25_000;
const PUBLIC_ROOMS = [LOBBY_NAME];

/** Puts the parts of the chat together. */
export function createServices(parts: ServicesParts): Services {
  const { config, database, clock, failed } = parts;
  const ground = createGround(parts);
  const { common, wechat, accounts, files, links } = ground;
  const speech = createSpeech(parts, ground);
  const { store, hooks, roomTalk, retention, messages } = speech;
  const housekeeping = new Housekeeping({ database, clock, failed: (error) => failed("housekeeping", error) });
  const wafer =
    roomTalk &&
    createWafer({
      ...{ database, clock, accounts, talk: roomTalk, wechat, publicUrl: config.publicUrl },
      ...{ files: files.routes, store: parts.fileStore.store, links },
      failed: (error) => failed("wafer", error),
    });
  const handlers: Handlers = {
    ...accounts.handlers,
    ...friendHandlers({ ...common, onlineUsers: accounts.onlineUsers }),
    ...groupHandlers(common),
    ...conversationHandlers({ ...common, publicRooms: roomTalk === undefined ? [] : PUBLIC_ROOMS }),
    ...messages,
    ...syncHandlers({ database, clock, heartbeatMs: HEARTBEAT_MS }),
  };
  return {
    perform: createPerform({ ...handlers, ...hooks.aroundHandlers(handlers) }),
    ...{ accounts, roomTalk, wafer, files },
    wechatRoutes: hooks.routes(),
    idempotentCalls: housekeeping.idempotentCalls,
    start: () => {
      for (const part of [accounts, retention, files, housekeeping]) part.start();
    },
    close: async () => {
      // Each of them asks the ones after it.
      for (const part of [housekeeping, hooks, retention, files, accounts, store]) await part.close();
    },
  };
}

/** Who there is, and what they keep. */
function createGround({ codeToSession, ...parts }: ServicesParts) {
  const { config, database, server, clock, secret, failed } = parts;
  const { host, port, publicUrl = `http://${host}:${port}` } = config;
  const common = { database, inbox: new Inbox(server), clock, publicUrl };
  const wechatFailed = (error: unknown): void => failed("wechat", error);
  const wechat = config.wechat && createWechat({ config: config.wechat, database, clock, fetch, failed: wechatFailed });
  const accounts = createAccounts({
    ...parts,
    ...common,
    codeToSession: wechat?.codeToSession ?? codeToSession,
    moderation: wechat?.moderation,
    isOwnAvatar: (userId, fileId) => isOwnAvatar(database.read, userId, fileId),
    failed: (error) => failed("accounts", error),
    options: { loginPolicy: config.loginPolicy },
  });
  const files = createFiles({
    ...{ database, clock, ...parts.fileStore, secret, callers: accounts.callers },
    isSecure: publicUrl.startsWith("https:"),
    failed: (error) => failed("files", error),
  });
  return { common, wechat, accounts, files, links: new PictureLinks(secret) };
}

/** What they say, and where it is kept. */
function createSpeech({ config, server, failed }: ServicesParts, ground: ReturnType<typeof createGround>) {
  const { common, wechat, accounts, links } = ground;
  const { database, clock, publicUrl } = common;
  const { profiles } = accounts;
  const { recallWindowMs, editWindowMs } = config;
  const kept = { ...common, profiles, files: fileReferences };
  const messagesFailed = (error: unknown): void => failed("messages", error);
  const plain = new SqlMessageStore({ ...kept, rooms: new RoomFeed(server, database), failed: messagesFailed });
  const hooks = new WechatHooks({
    ...{ ...kept, wechat, accounts, failed: (error) => failed("wechat", error) },
    // Where rooms forget, there is nothing at the addresses of pictures.
    urlOf:
      config.publicUrl === undefined || config.rooms !== "durable"
        ? undefined
        : (fileId) => `${publicUrl}${links.pathOf(fileId)}`,
  });
  const store = new PacedMessageStore({ store: hooks.around(plain), clock, perSecond: config.sendsPerSecond });
  return {
    store: plain,
    hooks,
    roomTalk: config.rooms === "durable" ? new RoomTalk({ database, clock, store, profiles }) : undefined,
    retention: new RoomRetention({
      ...kept,
      days: config.roomRetentionDays,
      failed: (error) => failed("rooms", error),
    }),
    messages: messageHandlers({ ...kept, store, rules: { recallWindowMs, editWindowMs }, failed: messagesFailed }),
  };
}
