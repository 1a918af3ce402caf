import type { Database } from "@hutong/database";
import type { Tables } from "../storage/tables.ts";
import type { AccessToken, AccessTokenStore } from "./access-token-store.ts";

/** Keeps access tokens for all processes of a database. */
export class SqlAccessTokenStore implements AccessTokenStore {
  readonly #database: Database<Tables>;

  constructor(database: Database<Tables>) {
    this.#database = database;
  }

  async read(appId: string): Promise<AccessToken | undefined> {
    const row = await this.#database.read
      .selectFrom("wechat_tokens")
      .selectAll()
      .where("app_id", "=", appId)
      .executeTakeFirst();
    return row && { token: row.token, expiresAtMs: row.expires_at };
  }

  async write(appId: string, { token, expiresAtMs: expires_at }: AccessToken): Promise<void> {
    await this.#database.write((transaction) =>
      transaction
        .insertInto("wechat_tokens")
        .values({ app_id: appId, token, expires_at })
        .onConflict((conflict) => conflict.column("app_id").doUpdateSet({ token, expires_at }))
        .execute(),
    );
  }
}
