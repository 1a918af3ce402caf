import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { startTestChat } from "../support/started-chat.ts";

describe("/readyz", () => {
  test("says ready while the chat runs", async () => {
    await using started = await startTestChat();

    const response = await fetch(`${started.chat.url}/readyz`);

    expect([response.status, await response.json()]).toEqual([200, { state: "ready" }]);
  });

  test("says draining before the chat stops listening, while /healthz still says ok", async () => {
    const clock = new FakeClock();
    await using started = await startTestChat({ drainDelayMs: 5_000 }, { clock });

    const drained = started.chat.drain();
    const ready = await fetch(`${started.chat.url}/readyz`);
    const health = await fetch(`${started.chat.url}/healthz`);
    const readyState: unknown = await ready.json();
    await clock.advance(5_000);
    await drained;

    expect([ready.status, readyState, health.status]).toEqual([503, { state: "draining" }, 200]);
    await expect(fetch(`${started.chat.url}/readyz`)).rejects.toThrow("fetch failed");
  });
});
