import type { Database } from "@hutong/database";
import type { ChannelDefinition } from "@hutong/server";
import type { AddressOf, MountPlan, NodeMountOptions, OriginPolicy } from "@hutong/server/node";
import { webSocketAt } from "@hutong/server/node";
import type { Clock } from "@hutong/server/plugin";
import { Hono } from "hono";
import type { Accounts } from "../accounts/accounts.ts";
import type { FileStore } from "../files/file-store.ts";
import type { HttpEnvironment } from "../http/http-environment.ts";
import { pandaChannel } from "../panda/panda-channel.ts";
import { panda } from "../panda/panda-protocol.ts";
import type { RoomTalk } from "../rooms/room-talk.ts";
import type { Tables } from "../storage/tables.ts";
import type { Wechat } from "../wechat/wechat.ts";
import type { PictureLinks } from "./picture-links.ts";
import { pictureRoutes } from "./picture-routes.ts";
import { tunnelChannel } from "./tunnel-channel.ts";
import { wafer } from "./tunnel-protocol.ts";
import { connectWithSession, connectWithTicket } from "./wafer-connect.ts";
import { WaferPeople } from "./wafer-people.ts";
import { TUNNEL_PATH, waferRoutes } from "./wafer-routes.ts";
import { WaferSessions } from "./wafer-sessions.ts";

/** What {@link createWafer} puts together. */
export interface WaferParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly talk: RoomTalk;
  readonly links: PictureLinks;
  /** `POST /files`. */
  readonly files: Hono<HttpEnvironment>;
  readonly store: FileStore;
  /** `undefined` where it is not configured: then nobody can log in. */
  readonly wechat: Wechat | undefined;
  readonly publicUrl: string | undefined;
  /** Hears of what failed that no client can understand. */
  readonly failed: (error: unknown) => void;
}

/** How clients and their requests are told apart. */
export interface WaferHttpParts {
  readonly addressOf: AddressOf;
  readonly origins: OriginPolicy;
}

/** Mini-programs that were written for wafer or after panda-chat-room. */
export interface Wafer {
  readonly channels: readonly ChannelDefinition[];
  /** `/ws` and the tunnel. */
  mounts(options: NodeMountOptions): readonly MountPlan[];
  /** `/login`, `/user`, `/tunnel`, `/upload` and `/pictures`. */
  routes(parts: WaferHttpParts): Hono<HttpEnvironment>;
}

/** Their frames are small, and nobody who means well sends frames that are none. */
const LIMITS = { maxFrameBytes: 65_536, maxMalformedFrames: 20 };

const NO_SIZE = { width: 0, height: 0 };

/** Puts wafer and panda together. */
export function createWafer(parts: WaferParts): Wafer {
  const { database, clock, accounts, talk, links, wechat, publicUrl, failed } = parts;
  const { codeToSession } = wechat ?? {};
  const waferSessions = new WaferSessions({
    ...{ database, clock, ...accounts, codeToSession },
    appId: wechat?.config.appId ?? "",
  });
  const people = new WaferPeople({ database, clock, links });
  const sizeOf = async (id: string) =>
    (await database.read.selectFrom("files").select(["width", "height"]).where("id", "=", id).executeTakeFirst()) ??
    NO_SIZE;
  const member = { talk, people, links, sizeOf, onlineUsers: accounts.onlineUsers, now: () => clock.now(), failed };
  const connect = { ...accounts, waferSessions, publicUrl };
  return {
    channels: [tunnelChannel(member), pandaChannel(member)],
    mounts: (options) => [
      webSocketAt("/ws", panda, { ...options, limits: LIMITS, connect: connectWithSession(connect) }),
      webSocketAt(TUNNEL_PATH, wafer, { ...options, limits: LIMITS, connect: connectWithTicket(connect) }),
    ],
    routes: (http) => {
      const routes = new Hono<HttpEnvironment>();
      routes.route("/", waferRoutes({ ...http, ...accounts, waferSessions, people, clock, publicUrl, failed }));
      routes.route("/", pictureRoutes({ ...parts, ...http, waferSessions }));
      return routes;
    },
  };
}
