import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { createServer } from "../../src/index.ts";
import { Endpoint } from "../../src/node/endpoint.ts";
import { phoenixAt } from "../../src/node/index.ts";
import { LoadGuard, type LoadLimits } from "../../src/node/load-guard.ts";
import type { TelemetryEvent } from "../../src/telemetry.ts";

function start(limits?: LoadLimits) {
  const clock = new FakeClock();
  const now = { memoryPercent: 10, lagMs: 5, readings: 0, isClosed: false };
  const guard = new LoadGuard(clock, limits, {
    memoryPercent: () => {
      now.readings++;
      return now.memoryPercent;
    },
    takeLagMs: () => now.lagMs,
    close: () => (now.isClosed = true),
  });
  return { clock, now, guard };
}

describe("LoadGuard", () => {
  test("a process within its limits takes more", () => {
    const { guard } = start();

    expect(guard.isOverloaded()).toBe(false);
  });

  test("memory above its share refuses, and takes again when it has fallen", async () => {
    const { clock, now, guard } = start({ maxMemoryPercent: 50 });
    now.memoryPercent = 51;
    const above = guard.isOverloaded();
    now.memoryPercent = 50;
    await clock.advance(1_000);

    expect([above, guard.isOverloaded()]).toEqual([true, false]);
  });

  test("lag counts when a whole window has passed", async () => {
    const { clock, now, guard } = start({ maxLagMs: 100, lagWindowMs: 5_000 });
    now.lagMs = 101;
    const early = guard.isOverloaded();
    await clock.advance(5_000);
    const late = guard.isOverloaded();
    now.lagMs = 100;
    await clock.advance(5_000);

    expect([early, late, guard.isOverloaded()]).toEqual([false, true, false]);
  });

  test("readings are taken once a second, however many ask", async () => {
    const { clock, now, guard } = start();
    for (let count = 0; count < 100; count++) guard.isOverloaded();
    const first = now.readings;
    await clock.advance(1_000);
    guard.isOverloaded();

    expect([first, now.readings]).toEqual([1, 2]);
  });

  test("closing ends the readings", () => {
    const { now, guard } = start();

    guard.close();

    expect(now.isClosed).toBe(true);
  });

  test("the readings of this process are numbers", () => {
    const guard = new LoadGuard(new FakeClock(), { maxMemoryPercent: 1_000, maxLagMs: 1_000_000 });

    expect(guard.isOverloaded()).toBe(false);
    guard.close();
  });

  test("a limit out of range is refused", () => {
    expect(() => start({ maxLagMs: 0 })).toThrow(RangeError);
  });
});

test("an overloaded process answers handshakes with 503 and when to come back", async () => {
  const events: TelemetryEvent[] = [];
  await using server = createServer({ channels: [], telemetry: (event) => events.push(event) });
  await server.start();
  const endpoint = new Endpoint(server, [phoenixAt("/socket")], () => true);
  const http = createHttpServer((request, response) => endpoint.handleRequest(request, response));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;

  const response = await fetch(`http://127.0.0.1:${port}/socket/websocket?vsn=2.0.0`);

  expect(response.status).toBe(503);
  expect(events).toEqual([{ kind: "connection_refused", path: "/socket", why: "overloaded", status: 503 }]);
  http.close();
});
