import type { Settings, User } from "@hutong/chat-api";
import { type Database, openDatabase } from "@hutong/database";
import type { TestEngine } from "@hutong/database/testing";
import { MIGRATIONS } from "../../src/storage/migrations.ts";
import type { Tables } from "../../src/storage/tables.ts";

/** When the tests of friends, groups and policy take place. */
export const NOW = 1_700_000_000_000;
export const DAY_MS = 86_400_000;

/** What an account of a test decides about itself, unless it says otherwise. */
const SETTINGS: Settings = { strangers: { visitor: 1, user: 1 }, addMe: "approval", showPresence: true };

/** Runs `work` on an empty chat database. */
export async function withChatDatabase(
  engine: TestEngine,
  work: (database: Database<Tables>) => Promise<void>,
): Promise<void> {
  await using temporary = await engine.create(MIGRATIONS);
  await using database = await openDatabase<Tables>(temporary.url);
  await work(database);
}

/** Makes a user whose id, user name and nickname are `name`. */
export async function addPerson(
  database: Database<Tables>,
  name: string,
  { kind = "user", ...settings }: Partial<Settings> & { readonly kind?: User["kind"] } = {},
): Promise<string> {
  await database.write((transaction) =>
    transaction
      .insertInto("users")
      .values({
        id: name,
        username: kind === "visitor" ? null : name,
        display_username: kind === "visitor" ? null : name,
        kind,
        nickname: name,
        avatar: null,
        details: JSON.stringify({ bio: "", location: "", website: "", gender: "", birthday: "" }),
        settings: JSON.stringify({ ...SETTINGS, ...settings }),
        status: "active",
        user_seq: 0,
        created_at: NOW,
        last_seen_at: 0,
      })
      .execute(),
  );
  return name;
}

/** Makes several users of these names. */
export async function addPeople(database: Database<Tables>, names: readonly string[]): Promise<void> {
  for (const name of names) await addPerson(database, name);
}

/** Makes friends of a user and others, without the ceremony. */
export async function befriend(
  database: Database<Tables>,
  userId: string,
  friendIds: readonly string[],
): Promise<void> {
  const pairs = friendIds.flatMap((friendId) => [
    { user_id: userId, friend_id: friendId },
    { user_id: friendId, friend_id: userId },
  ]);
  const row = { remark: "", starred: 0, hide_mine: 0, hide_theirs: 0, created_at: NOW } as const;
  await database.write((transaction) =>
    transaction
      .insertInto("friendships")
      .values(pairs.map((pair) => ({ ...row, ...pair })))
      .execute(),
  );
}

/** Lets a user block another. */
export async function block(database: Database<Tables>, userId: string, blockedId: string): Promise<void> {
  await database.write((transaction) =>
    transaction.insertInto("blocks").values({ user_id: userId, blocked_id: blockedId, created_at: NOW }).execute(),
  );
}
