import { randomBytes } from "node:crypto";
import type { ActionInput, ActionName, ActionOutput, Session } from "@hutong/chat-api";
import { type Database, openDatabase } from "@hutong/database";
import type { TestEngine } from "@hutong/database/testing";
import { FakeClock } from "@hutong/testing";
import { type Accounts, type AccountsParts, createAccounts } from "../../src/accounts/accounts.ts";
import { type Argon2, Passwords } from "../../src/accounts/passwords.ts";
import { ChatError } from "../../src/api/chat-error.ts";
import type { Caller, Handlers } from "../../src/api/handlers.ts";
import { createPerform } from "../../src/api/perform.ts";
import { Inbox } from "../../src/inbox/inbox.ts";
import { MIGRATIONS } from "../../src/storage/migrations.ts";
import type { Tables } from "../../src/storage/tables.ts";

export const SECRET = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
export const MINUTE_MS = 60_000;

/** Hashes at no cost, and counts the checks. */
export class CheapArgon2 implements Argon2 {
  checks = 0;

  hash(password: string): Promise<string> {
    return Promise.resolve(`cheap:${password}`);
  }

  verify(hash: string, password: string): Promise<boolean> {
    this.checks++;
    return Promise.resolve(hash === `cheap:${password}`);
  }
}

/** Something that was pushed. */
export interface Push {
  readonly topic: string;
  readonly event: string;
  readonly payload: unknown;
}

/** Accounts on a database of their own, and what they pushed and revoked. */
export interface AccountBench extends AsyncDisposable {
  readonly accounts: Accounts;
  readonly database: Database<Tables>;
  readonly clock: FakeClock;
  readonly argon2: CheapArgon2;
  readonly pushes: readonly Push[];
  /** Ids of revoked sessions. */
  readonly revoked: readonly string[];
  /** What failed in the background. */
  readonly failures: readonly unknown[];
  /** Another process on the same database and clock. */
  another(parts?: Partial<AccountsParts>): Accounts;
  /** Calls an action as somebody, or as nobody. */
  call<TName extends ActionName>(
    name: TName,
    input: ActionInput<TName>,
    by?: Session,
    remoteAddress?: string,
  ): Promise<ActionOutput<TName>>;
  /** Makes an account with the password `password` and signs it in. */
  register(username: string, device?: Partial<ActionInput<"register">["device"]>): Promise<Session>;
}

/** A device whose key is new. */
export function someDevice(device: Partial<ActionInput<"register">["device"]> = {}): ActionInput<"register">["device"] {
  return { key: randomBytes(8).toString("hex"), platform: "web", name: "A browser", ...device };
}

/** Makes a bench; `given` replaces parts of the accounts. */
export async function createBench(engine: TestEngine, given: Partial<AccountsParts> = {}): Promise<AccountBench> {
  const temporary = await engine.create(MIGRATIONS);
  const database = await openDatabase<Tables>(temporary.url);
  const clock = new FakeClock();
  const argon2 = new CheapArgon2();
  const pushes: Push[] = [];
  const revoked: string[] = [];
  const failures: unknown[] = [];
  const inbox = new Inbox({
    broadcast: (topics, event, payload) => pushes.push(...[topics].flat().map((topic) => ({ topic, event, payload }))),
  });
  const another = (parts: Partial<AccountsParts> = {}): Accounts =>
    createAccounts({
      database,
      clock,
      inbox,
      server: { revoke: (sessionId) => void revoked.push(sessionId) },
      secret: SECRET,
      failed: (error) => void failures.push(error),
      passwords: new Passwords(argon2),
      codeToSession: undefined,
      isOwnAvatar: () => Promise.resolve(false),
      publicUrl: "https://chat.example.com",
      ...given,
      ...parts,
    });
  const accounts = another();
  // Only the actions of accounts are called here.
  const perform = createPerform(accounts.handlers as Handlers);
  const bench: AccountBench = {
    ...{ accounts, database, clock, argon2, pushes, revoked, failures, another },
    call: async <TName extends ActionName>(
      name: TName,
      input: ActionInput<TName>,
      by?: Session,
      remoteAddress = "192.0.2.1",
    ) => {
      const caller = by === undefined ? undefined : await callerOf(accounts, by);
      // The handlers of this name give what the contract says.
      return (await perform(name, input, { caller, remoteAddress })) as ActionOutput<TName>;
    },
    register: (username, device) =>
      bench.call("register", { username, password: "password", device: someDevice(device) }),
    [Symbol.asyncDispose]: async () => {
      await accounts.close();
      await database.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
  return bench;
}

/** Who calls with a session, found out by its access token. */
export async function callerOf(accounts: Accounts, session: Session): Promise<Caller> {
  const caller = await accounts.authenticate(session.accessToken);
  if (typeof caller === "string") throw new ChatError(caller);
  return caller;
}

/** Makes two users friends, with the flags of the first one's row. */
export async function befriend(
  { database }: AccountBench,
  { me: one }: Session,
  { me: other }: Session,
  flags: { readonly hide_mine?: 0 | 1; readonly hide_theirs?: 0 | 1; readonly remark?: string } = {},
): Promise<void> {
  const row = { remark: "", starred: 0, hide_mine: 0, hide_theirs: 0, created_at: 1 } as const;
  await database.write((transaction) =>
    transaction
      .insertInto("friendships")
      .values([
        { user_id: one.id, friend_id: other.id, ...row, ...flags },
        { user_id: other.id, friend_id: one.id, ...row },
      ])
      .execute(),
  );
}

/** Makes one user block another. */
export async function block({ database }: AccountBench, { me: one }: Session, { me: other }: Session): Promise<void> {
  await database.write((transaction) =>
    transaction.insertInto("blocks").values({ user_id: one.id, blocked_id: other.id, created_at: 1 }).execute(),
  );
}
