import type { Database } from "@hutong/database";
import type { Transaction } from "kysely";
import type { Inbox } from "./inbox.ts";
import type { News } from "./news.ts";
import type { Tables } from "../storage/tables.ts";

/** What a change and its news go through. */
export interface CommitParts {
  readonly database: Database<Tables>;
  readonly inbox: Pick<Inbox, "publish">;
}

/** Runs a change in one transaction, and publishes its news once it is committed. */
export async function commit<TOutcome extends { readonly news: News }>(
  { database, inbox }: CommitParts,
  work: (transaction: Transaction<Tables>) => Promise<TOutcome>,
): Promise<TOutcome> {
  const outcome = await database.write(work);
  inbox.publish(outcome.news);
  return outcome;
}
