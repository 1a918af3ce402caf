import { describe, expect, test } from "vitest";
import type { SubscriptionStore } from "../../../src/wechat/subscription-store.ts";

/** What every {@link SubscriptionStore} does. `create` gives an empty one that goes with its owner. */
export function subscriptionStoreSuite(
  name: string,
  create: () => Promise<AsyncDisposable & { readonly store: SubscriptionStore }>,
): void {
  describe(`${name} is a SubscriptionStore`, () => {
    test("gives as many as were added", async () => {
      await using fixture = await create();
      await fixture.store.add("o-ada", "news");
      await fixture.store.add("o-ada", "news");

      expect(await fixture.store.take("o-ada", "news")).toBe(true);
      expect(await fixture.store.take("o-ada", "news")).toBe(true);
      expect(await fixture.store.take("o-ada", "news")).toBe(false);
    });

    test("keeps users and templates apart", async () => {
      await using fixture = await create();
      await fixture.store.add("o-ada", "news");

      expect(await fixture.store.take("o-bob", "news")).toBe(false);
      expect(await fixture.store.take("o-ada", "calls")).toBe(false);
    });

    test("has nothing once it was cleared, and starts again from there", async () => {
      await using fixture = await create();
      await fixture.store.clear("o-ada", "news");
      await fixture.store.add("o-ada", "news");
      await fixture.store.add("o-ada", "news");
      await fixture.store.clear("o-ada", "news");
      const cleared = await fixture.store.take("o-ada", "news");
      await fixture.store.add("o-ada", "news");

      expect([cleared, await fixture.store.take("o-ada", "news")]).toEqual([false, true]);
    });

    test("gives none twice, to callers at the same time", async () => {
      await using fixture = await create();
      await fixture.store.add("o-ada", "news");
      await fixture.store.add("o-ada", "news");

      const takes = await Promise.all(Array.from({ length: 5 }, () => fixture.store.take("o-ada", "news")));

      expect(takes.filter(Boolean)).toHaveLength(2);
    });
  });
}
