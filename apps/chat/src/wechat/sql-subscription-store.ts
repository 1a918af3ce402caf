import type { Database } from "@hutong/database";
import { sql } from "kysely";
import type { Tables } from "../storage/tables.ts";
import type { SubscriptionStore } from "./subscription-store.ts";

/** Counts for all processes of a database. */
export class SqlSubscriptionStore implements SubscriptionStore {
  readonly #database: Database<Tables>;

  constructor(database: Database<Tables>) {
    this.#database = database;
  }

  async add(openid: string, templateId: string): Promise<void> {
    await this.#database.write((transaction) =>
      sql`insert into wechat_subscriptions (openid, template_id, count) values (${openid}, ${templateId}, 1)
        on conflict (openid, template_id) do update set count = wechat_subscriptions.count + 1`.execute(transaction),
    );
  }

  async take(openid: string, templateId: string): Promise<boolean> {
    // One statement: two calls cannot see the same count.
    const { numUpdatedRows } = await this.#database.write((transaction) =>
      transaction
        .updateTable("wechat_subscriptions")
        .set((eb) => ({ count: eb("count", "-", 1) }))
        .where("openid", "=", openid)
        .where("template_id", "=", templateId)
        .where("count", ">", 0)
        .executeTakeFirst(),
    );
    return numUpdatedRows > 0n;
  }

  async clear(openid: string, templateId: string): Promise<void> {
    await this.#database.write((transaction) =>
      transaction
        .deleteFrom("wechat_subscriptions")
        .where("openid", "=", openid)
        .where("template_id", "=", templateId)
        .execute(),
    );
  }
}
