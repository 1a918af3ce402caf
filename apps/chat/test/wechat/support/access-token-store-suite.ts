import { describe, expect, test } from "vitest";
import type { AccessTokenStore } from "../../../src/wechat/access-token-store.ts";

/** What every {@link AccessTokenStore} does. `create` gives an empty one that goes with its owner. */
export function accessTokenStoreSuite(
  name: string,
  create: () => Promise<AsyncDisposable & { readonly store: AccessTokenStore }>,
): void {
  describe(`${name} is an AccessTokenStore`, () => {
    test("has nothing at first", async () => {
      await using fixture = await create();

      expect(await fixture.store.read("wx-test")).toBeUndefined();
    });

    test("gives what was written last, also when it expires earlier", async () => {
      await using fixture = await create();
      await fixture.store.write("wx-test", { token: "a".repeat(512), expiresAtMs: 1_700_000_007_200 });
      await fixture.store.write("wx-test", { token: "b", expiresAtMs: 1_700_000_000_000 });

      expect(await fixture.store.read("wx-test")).toEqual({ token: "b", expiresAtMs: 1_700_000_000_000 });
    });

    test("keeps applications apart", async () => {
      await using fixture = await create();
      await fixture.store.write("wx-test", { token: "a", expiresAtMs: 1 });

      expect(await fixture.store.read("wx-other")).toBeUndefined();
    });

    test("keeps a token of 512 characters", async () => {
      await using fixture = await create();
      await fixture.store.write("wx-test", { token: "a".repeat(512), expiresAtMs: 1 });

      expect((await fixture.store.read("wx-test"))?.token).toHaveLength(512);
    });
  });
}
