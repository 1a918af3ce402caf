import { MemorySubscriptionStore } from "../../src/wechat/subscription-store.ts";
import { subscriptionStoreSuite } from "./support/subscription-store-suite.ts";

subscriptionStoreSuite("MemorySubscriptionStore", async () => ({
  store: new MemorySubscriptionStore(),
  [Symbol.asyncDispose]: async () => {},
}));
