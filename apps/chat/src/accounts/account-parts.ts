import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Inbox } from "../inbox/inbox.ts";
import type { OnlineUsers } from "../presence/online-users.ts";
import type { Tables } from "../storage/tables.ts";
import type { Moderation } from "../wechat/moderation.ts";
import type { CodeToSession } from "./wechat-accounts.ts";
import type { AccountOptions } from "./account-options.ts";
import type { Callers } from "./callers.ts";
import type { Passwords } from "./passwords.ts";
import type { Profiles } from "./profiles.ts";
import type { Rates } from "./rates.ts";
import type { RevocationWatch } from "./revocation-watch.ts";
import type { Sessions } from "./sessions.ts";
import type { Tickets } from "./tickets.ts";

/** What the handlers of accounts need. */
export interface AccountParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly options: Required<AccountOptions>;
  readonly passwords: Passwords;
  readonly profiles: Profiles;
  readonly rates: Rates;
  readonly sessions: Sessions;
  readonly tickets: Tickets;
  readonly callers: Callers;
  readonly watch: RevocationWatch;
  readonly onlineUsers: OnlineUsers;
  /** `undefined` where WeChat is not configured. */
  readonly codeToSession: CodeToSession | undefined;
  /** Judges the names of those who come by WeChat; absent where nothing is judged. */
  readonly moderation?: Pick<Moderation, "checkText"> | undefined;
  /** Whether a file is one that its owner keeps for the profile. */
  readonly isOwnAvatar: (userId: string, fileId: string) => Promise<boolean>;
  /** Where people reach the server, without a final slash; cards point there. */
  readonly publicUrl: string;
}
