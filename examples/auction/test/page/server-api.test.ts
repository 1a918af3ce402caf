import { afterEach, expect, test, vi } from "vitest";
import { payDeposit } from "../../page/server-api.ts";
import { startedAuction } from "../support/started-auction.ts";

afterEach(() => void vi.unstubAllGlobals());

test("a deposit is paid when the server says so, and not when it refuses the token", async () => {
  await using started = await startedAuction();
  const { fetch } = globalThis;
  // In a page the paths are the server's.
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => fetch(started.url + path, init));
  const { id } = await started.program.house.register("Ada");
  const token = await started.program.tokens.issue(id);

  await expect(payDeposit("header.payload.signature")).rejects.toThrow("the deposit was answered with 401");
  await payDeposit(token);

  expect((await started.program.house.person(id))?.has_deposit).toBe(1);
});
