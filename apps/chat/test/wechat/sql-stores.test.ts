import { openDatabase } from "@hutong/database";
import { type TestEngine, testEngines } from "@hutong/database/testing";
import { SqlAccessTokenStore } from "../../src/wechat/sql-access-token-store.ts";
import { SqlSubscriptionStore } from "../../src/wechat/sql-subscription-store.ts";
import { MIGRATIONS } from "../../src/storage/migrations.ts";
import type { Tables } from "../../src/storage/tables.ts";
import { accessTokenStoreSuite } from "./support/access-token-store-suite.ts";
import { subscriptionStoreSuite } from "./support/subscription-store-suite.ts";

async function openChatDatabase(engine: TestEngine) {
  const temporary = await engine.create(MIGRATIONS);
  const database = await openDatabase<Tables>(temporary.url);
  const close = async (): Promise<void> => {
    await database.close();
    await temporary[Symbol.asyncDispose]();
  };
  return { database, [Symbol.asyncDispose]: close };
}

for (const engine of testEngines()) {
  accessTokenStoreSuite(`SqlAccessTokenStore on ${engine.name}`, async () => {
    const { database, ...rest } = await openChatDatabase(engine);
    return { store: new SqlAccessTokenStore(database), ...rest };
  });
  subscriptionStoreSuite(`SqlSubscriptionStore on ${engine.name}`, async () => {
    const { database, ...rest } = await openChatDatabase(engine);
    return { store: new SqlSubscriptionStore(database), ...rest };
  });
}
