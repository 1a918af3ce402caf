import { MemoryAccessTokenStore } from "../../src/wechat/access-token-store.ts";
import { accessTokenStoreSuite } from "./support/access-token-store-suite.ts";

accessTokenStoreSuite("MemoryAccessTokenStore", async () => ({
  store: new MemoryAccessTokenStore(),
  [Symbol.asyncDispose]: async () => {},
}));
