import { describe, expect, test } from "vitest";
import { Attempt } from "../../src/link/attempt.ts";
import { FakeClock, ScriptedServer, turn } from "../support.ts";

interface AttemptWorld {
  readonly attempt: Attempt;
  readonly clock: FakeClock;
  readonly log: unknown[];
}

function start(
  transports: readonly ScriptedServer[],
  request = Promise.resolve({ params: {}, token: undefined }),
): AttemptWorld {
  const clock = new FakeClock();
  const log: unknown[] = [];
  const attempt = new Attempt(
    { clock, transports, timeoutMs: 1_000, fallbackMs: 100, request: () => request },
    {
      opened: (_transport, { name }) => log.push(`${name} opened`),
      failed: (reason) => log.push(`failed: ${reason}`),
      received: (_transport, frame) => log.push(frame),
      closed: (_transport, { code }) => log.push(`closed ${code}`),
    },
  );
  return { attempt, clock, log };
}

function refusing(name: string): ScriptedServer {
  const server = new ScriptedServer(name);
  server.accepts = false;
  return server;
}

describe("attempt", () => {
  test("hands over the transport that opens, and what it says from then on", async () => {
    const server = new ScriptedServer("one");
    const { attempt, clock, log } = start([server]);
    await turn();
    attempt.abandon();

    server.latest.pushRaw("frame");
    server.latest.end(4001);

    expect(log).toEqual(["one opened", "frame", "closed 4001"]);
    expect(server.latest.closedWith).toBeUndefined();
    expect(clock.timerCount).toBe(0);
  });

  test("says nothing after it was abandoned", async () => {
    const server = refusing("one");
    const { attempt, clock, log } = start([server]);
    await turn();

    attempt.abandon();
    server.latest.accept();
    server.latest.pushRaw("frame");
    await clock.advance(5_000);

    expect(log).toEqual([]);
    expect(server.latest.closedWith).toEqual({ code: 1000, reason: "" });
    expect(clock.timerCount).toBe(0);
  });

  test("abandoned while the token is fetched opens nothing", async () => {
    const server = new ScriptedServer("one");
    const { attempt, log } = start([server]);

    attempt.abandon();
    await turn();

    expect(server.connections).toEqual([]);
    expect(log).toEqual([]);
  });

  test("gives up on a token that does not come", async () => {
    const { clock, log } = start([new ScriptedServer("one")], new Promise(() => undefined));

    await clock.advance(1_000);

    expect(log).toEqual(["failed: timeout"]);
  });

  test("a transport that opens after its successor was tried is closed", async () => {
    const slow = refusing("slow");
    const next = refusing("next");
    const { clock, log } = start([slow, next]);
    await clock.advance(100);
    slow.latest.answersClose = false;

    slow.latest.accept();
    next.latest.accept();

    expect(log).toEqual(["next opened"]);
    expect(slow.latest.closedWith).toEqual({ code: 1000, reason: "" });
  });

  test("reports why the last transport failed", async () => {
    const [first, last] = [refusing("first"), refusing("last")];
    const { clock, log } = start([first, last]);
    await turn();
    first.latest.end(1006, "first reason");
    last.latest.end(1006, "last reason");

    expect(log).toEqual(["failed: last reason"]);
    expect(clock.timerCount).toBe(0);
  });
});
