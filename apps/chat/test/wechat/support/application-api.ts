import { MemoryAccessTokenStore } from "../../../src/wechat/access-token-store.ts";
import { StableAccessToken } from "../../../src/wechat/stable-access-token.ts";
import { APPLICATION, type StartedWechat } from "./started-wechat.ts";

/** Calls of the application, with its token. */
export function applicationApi({ api, clock }: StartedWechat): StableAccessToken {
  return new StableAccessToken({ api, application: APPLICATION, store: new MemoryAccessTokenStore(), clock });
}
