import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { PictureLinks } from "./picture-links.ts";
import type { Tables } from "../storage/tables.ts";

/** What mini-programs show of somebody. */
export interface WaferPerson {
  readonly nickName: string;
  /** An address, or a path of this server; `""` for none. */
  readonly avatarUrl: string;
}

/** What {@link WaferPeople} stands on. */
export interface WaferPeopleParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly links: PictureLinks;
}

const CACHE_MS = 10_000;
const MAX_CACHED = 5_000;
/** Of whom nothing is known. */
export const NOBODY: WaferPerson = { nickName: "", avatarUrl: "" };

/** Finds names and pictures. In a room the same few are asked for again and again, so they are remembered for a while. */
export class WaferPeople {
  readonly #parts: WaferPeopleParts;
  /** In the order of reading. */
  readonly #cached = new Map<string, { readonly person: Promise<WaferPerson>; readonly untilMs: number }>();

  constructor(parts: WaferPeopleParts) {
    this.#parts = parts;
  }

  /** The picture that somebody has chosen here, or else WeChat's. Who is not known has neither. */
  person(userId: string): Promise<WaferPerson> {
    const now = this.#parts.clock.now();
    const cached = this.#cached.get(userId);
    if (cached !== undefined && cached.untilMs > now) return cached.person;
    // Remembered before it is there: everyone in the room asks in the same moment.
    const entry = { person: this.#read(userId), untilMs: now + CACHE_MS };
    this.#cached.delete(userId);
    this.#cached.set(userId, entry);
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > MAX_CACHED && oldest !== undefined) this.#cached.delete(oldest);
    // Whoever waits hears of the failure; the next one asks again.
    entry.person.catch(() => this.#cached.get(userId) === entry && this.#cached.delete(userId));
    return entry.person;
  }

  async #read(userId: string): Promise<WaferPerson> {
    const { database, links } = this.#parts;
    const row = await database.read
      .selectFrom("users")
      .leftJoin("wechat_profiles", "wechat_profiles.user_id", "users.id")
      .select(["users.nickname", "users.avatar", "wechat_profiles.avatar_url"])
      .where("users.id", "=", userId)
      .executeTakeFirst();
    if (row === undefined) return NOBODY;
    const { nickname: nickName, avatar, avatar_url: avatarUrl } = row;
    return { nickName, avatarUrl: avatar === null ? (avatarUrl ?? "") : links.pathOf(avatar) };
  }
}
