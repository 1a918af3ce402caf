import type { Presence } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { readSettings } from "../accounts/account-views.ts";
import type { Inbox } from "../inbox/inbox.ts";
import { inboxTopic } from "../inbox/news.ts";
import type { Tables } from "../storage/tables.ts";
import { LastSeen } from "./last-seen.ts";
import { presenceAudience, relationTo } from "./visibility.ts";

/** How long somebody without a connection is still there, in milliseconds: as long as a reload or a tunnel takes. */
const GRACE_MS = 12_000;

/** What {@link OnlineUsers} needs. */
export interface OnlineUsersParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly inbox: Inbox;
  /** Hears what failed; presence is a hint, and nothing else waits for it. */
  readonly failed: (error: unknown) => void;
}

interface OnlineUser {
  /** One by one, so that the end of an old one does not take a new one along, not even one of the same connection. */
  readonly channels: Set<unknown>;
  /** Calls off the end of the grace; `undefined` while there are channels. */
  stay: (() => void) | undefined;
  leftAt: number;
}

/** Who is there: everyone with a connection to this process, and whoever left a moment ago. */
export class OnlineUsers {
  readonly #parts: OnlineUsersParts;
  readonly #users = new Map<string, OnlineUser>();
  readonly #lastSeen: LastSeen;
  /** Announcements that are being made. */
  readonly #announcements = new Set<Promise<void>>();

  constructor(parts: OnlineUsersParts) {
    this.#parts = parts;
    this.#lastSeen = new LastSeen(parts);
  }

  /** Begins to write down when people were last seen. */
  start(): void {
    this.#lastSeen.start();
  }

  /** Counts a channel that stands for a user's presence. The same one is given to {@link OnlineUsers.left}. */
  arrived(userId: string, channel: unknown): void {
    const { clock } = this.#parts;
    const known = this.#users.get(userId);
    const user = known ?? { channels: new Set(), stay: undefined, leftAt: 0 };
    user.stay?.();
    user.stay = undefined;
    user.channels.add(channel);
    if (known !== undefined) return;
    this.#users.set(userId, user);
    this.#lastSeen.note(userId, clock.now());
    this.#announce(userId);
  }

  /** Takes a channel away. With the last one the grace begins. */
  left(userId: string, channel: unknown): void {
    const { clock } = this.#parts;
    const user = this.#users.get(userId);
    if (user === undefined || !user.channels.delete(channel) || user.channels.size > 0) return;
    user.leftAt = clock.now();
    user.stay = clock.after(GRACE_MS, () => {
      this.#users.delete(userId);
      this.#lastSeen.note(userId, user.leftAt);
      this.#announce(userId);
    });
  }

  /** Whether a user is there. */
  isOnline(userId: string): boolean {
    return this.#users.has(userId);
  }

  /** The presence of a user, for someone who may see it; `storedAt` is what the user's row says of the last time. */
  presence(userId: string, storedAt: number): Presence {
    if (this.isOnline(userId)) return { userId, online: true, lastSeenAt: this.#parts.clock.now() };
    return { userId, online: false, lastSeenAt: Math.max(storedAt, this.#lastSeen.unsaved(userId) ?? 0) };
  }

  /** Tells the friends of a user whose settings show presence from now on, or no longer; after the commit. */
  visibilityChanged(userId: string): void {
    this.#detached(async () => {
      const audience = await presenceAudience(this.#parts.database.read, userId);
      this.#tell(audience, (await this.#shownPresence(userId)) ?? nothingKnownOf(userId));
    });
  }

  /**
   * Tells one viewer how it stands with a user: for whoever begins or ends a friendship, a block, or the hiding of
   * presence between the two, after its commit. Who may not see the user any more hears that nothing is known.
   */
  relationChanged(userId: string, viewerId: string): void {
    this.#detached(async () => {
      const { isFriend, isHidden } = await relationTo(this.#parts.database.read, { viewerId, userId });
      const shown = isFriend && !isHidden ? await this.#shownPresence(userId) : undefined;
      this.#tell([viewerId], shown ?? nothingKnownOf(userId));
    });
  }

  /** Forgets everyone, waits for what is being told, and writes down when they were last seen. */
  async close(): Promise<void> {
    for (const [userId, { stay, leftAt }] of this.#users) {
      stay?.();
      this.#lastSeen.note(userId, stay === undefined ? this.#parts.clock.now() : leftAt);
    }
    // What is being told still asks who is there.
    await Promise.all(this.#announcements);
    this.#users.clear();
    await this.#lastSeen.close();
  }

  /** Says nothing of whoever does not show presence: that something is said would tell when they come and go. */
  #announce(userId: string): void {
    this.#detached(async () => {
      const audience = await presenceAudience(this.#parts.database.read, userId);
      const shown = await this.#shownPresence(userId);
      if (shown !== undefined) this.#tell(audience, shown);
    });
  }

  /**
   * `undefined` when the user's settings hide it. To be asked for last: of two announcements that overlap, each then
   * says how it stands when it is made.
   */
  async #shownPresence(userId: string): Promise<Presence | undefined> {
    const row = await this.#parts.database.read
      .selectFrom("users")
      .select(["settings", "last_seen_at"])
      .where("id", "=", userId)
      .executeTakeFirst();
    if (row === undefined || !readSettings(row).showPresence) return undefined;
    return this.presence(userId, row.last_seen_at);
  }

  #tell(viewerIds: readonly string[], presence: Presence): void {
    this.#parts.inbox.publish([{ topics: viewerIds.map(inboxTopic), event: "presence", payload: presence }]);
  }

  #detached(work: () => Promise<void>): void {
    const announcement = work()
      .catch((error: unknown) => this.#parts.failed(error))
      .finally(() => this.#announcements.delete(announcement));
    this.#announcements.add(announcement);
  }
}

function nothingKnownOf(userId: string): Presence {
  return { userId, online: false, lastSeenAt: null };
}
