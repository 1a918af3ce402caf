import type { accountActions } from "@hutong/chat-api";
import type { Server } from "@hutong/server";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Handlers } from "../api/handlers.ts";
import type { Inbox } from "../inbox/inbox.ts";
import { OnlineUsers } from "../presence/online-users.ts";
import type { Tables } from "../storage/tables.ts";
import { AccessTokens } from "./access-tokens.ts";
import { type AccountOptions, resolveAccountOptions } from "./account-options.ts";
import type { AccountParts } from "./account-parts.ts";
import { type Authenticate, createAuthenticate } from "./authenticate.ts";
import { Callers } from "./callers.ts";
import { Passwords } from "./passwords.ts";
import { peopleHandlers } from "./people-handlers.ts";
import { profileHandlers } from "./profile-handlers.ts";
import { Profiles } from "./profiles.ts";
import { Rates } from "./rates.ts";
import { RefreshTokens } from "./refresh-tokens.ts";
import { RevocationWatch } from "./revocation-watch.ts";
import { sessionHandlers } from "./session-handlers.ts";
import { SessionSweep } from "./session-sweep.ts";
import { Sessions } from "./sessions.ts";
import { signInHandlers } from "./sign-in-handlers.ts";
import { Tickets } from "./tickets.ts";
import { UserOperations } from "./user-operations.ts";

/** What {@link createAccounts} puts together. Nothing of it is closed here. */
export interface AccountsParts extends Pick<
  AccountParts,
  "codeToSession" | "moderation" | "isOwnAvatar" | "publicUrl"
> {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly inbox: Inbox;
  /** Ends connections by the session that let them in: `connect` gives the session's id as `tokenId`. */
  readonly server: Pick<Server, "revoke">;
  /** At least 32 bytes; the one that signs room tokens. */
  readonly secret: Uint8Array;
  /** Hears what fails in the background. */
  readonly failed: (error: unknown) => void;
  /** @defaultValue argon2 */
  readonly passwords?: Passwords;
  readonly options?: AccountOptions;
}

/** Accounts, sessions and presence of one process. */
export interface Accounts extends AsyncDisposable {
  readonly handlers: Handlers<keyof typeof accountActions>;
  readonly authenticate: Authenticate;
  /** Whose a session is now: a connection lives longer than what was known when it was made. */
  readonly callers: Callers;
  readonly profiles: Profiles;
  readonly onlineUsers: OnlineUsers;
  readonly operations: UserOperations;
  /** For ways to sign in that are no actions. */
  readonly sessions: Sessions;
  readonly tickets: Tickets;
  readonly rates: Rates;
  /** Begins to look for sessions that have ended, and to write down who was seen when. */
  start(): void;
  /** Stops, and writes down who was seen when. The database has to be open until it resolves. */
  close(): Promise<void>;
}

/** Puts accounts together. */
export function createAccounts(given: AccountsParts): Accounts {
  const { database, clock, secret, passwords = new Passwords() } = given;
  const options = resolveAccountOptions(given.options ?? {});
  const accessTokens = new AccessTokens({ secret, clock, lifeMs: options.accessTokenMs });
  const refreshTokens = new RefreshTokens(secret);
  const sessions = new Sessions({ database, clock, accessTokens, refreshTokens, options });
  const tickets = new Tickets({ database, clock, lifeMs: options.ticketMs });
  const callers = new Callers(database, clock);
  const profiles = new Profiles(database, clock);
  const rates = new Rates(clock, options.rates);
  const watch = new RevocationWatch({ ...given, callers });
  const sweep = new SessionSweep(given);
  const onlineUsers = new OnlineUsers(given);
  const operations = new UserOperations({ database, clock, passwords });
  const parts: AccountParts = {
    ...given,
    ...{ options, passwords, profiles, rates, sessions, tickets, callers, watch, onlineUsers },
  };
  const close = async (): Promise<void> => {
    await sweep.close();
    await watch.close();
    await onlineUsers.close();
  };
  return {
    handlers: {
      ...signInHandlers(parts),
      ...sessionHandlers(parts),
      ...profileHandlers(parts),
      ...peopleHandlers(parts),
    },
    authenticate: createAuthenticate({ accessTokens, tickets, callers }),
    ...{ callers, profiles, onlineUsers, operations, sessions, tickets, rates },
    start: () => {
      watch.start();
      sweep.start();
      onlineUsers.start();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
