import { accept, createServer, defineChannel, type ServerOptions } from "@hutong/server";
import { connectLoopback, FakeClock } from "@hutong/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const broken = new Error("broken");
const room = defineChannel("room:*", {
  join: ({ topic }) => {
    if (topic === "room:broken") throw broken;
    return accept();
  },
  handle: {
    throws: () => {
      throw broken;
    },
  },
});
const written: unknown[][] = [];

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation((...line: unknown[]) => void written.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  written.length = 0;
});

async function pushTo(topic: string, event: string, options: Partial<ServerOptions> = {}): Promise<void> {
  const clock = new FakeClock();
  await using server = createServer({ channels: [room], clock, ...options });
  await server.start();
  const client = connectLoopback(server);
  client.join(topic);
  client.push(topic, event);
  await clock.settle();
}

test("a handler that throws is written to the console", async () => {
  await pushTo("room:1", "throws");

  expect(written).toEqual([
    ["Hutong: %s", 'the handler, hook or timer "throws" failed on the topic "room:1":', broken],
  ]);
});

test("a join that throws is written to the console", async () => {
  await pushTo("room:broken", "throws");

  expect(written).toEqual([["Hutong: %s", 'the join of the topic "room:broken" failed:', broken]]);
});

test("an event without a handler is written to the console, without the control characters of its name", async () => {
  await pushTo("room:1", "red\u001b[31m\u009b31m\n");

  expect(written).toEqual([["Hutong: %s", 'no handler for the event "red\\u001b[31m?31m\\n" on the topic "room:1"']]);
});

test("a server with a listener leaves the console alone", async () => {
  await pushTo("room:1", "throws", { telemetry: () => {} });

  expect(written).toEqual([]);
});
