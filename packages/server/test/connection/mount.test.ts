import { phoenix } from "@hutong/protocol";
import { type ConnectRequest, createServer, refuse } from "@hutong/server";
import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";
import { createGate } from "../support.ts";

function toRequest(params: ConnectRequest["params"] = {}): ConnectRequest {
  return {
    transport: "websocket",
    grammar: "phoenix",
    url: new URL("http://localhost/socket/websocket"),
    params,
    token: undefined,
    authToken: undefined,
    remoteAddress: "127.0.0.1",
    remotePort: 1,
    header: () => undefined,
  };
}

test("a mount asks the server's connect handler", async () => {
  const seen: unknown[] = [];
  const server = createServer({
    channels: [],
    clock: new FakeClock(),
    connect: ({ params }) => {
      seen.push(params);
      return { id: "users:1", assigns: { user: 1 } };
    },
  });
  const mount = server.mount({ grammar: phoenix, path: "/socket" });

  const outcome = await mount.admit(toRequest({ token: "t" }));

  expect(outcome).toEqual({ kind: "admitted", admission: { id: "users:1", assigns: { user: 1 } } });
  expect(seen).toEqual([{ token: "t" }]);
});

test("a mount prefers a connect handler of its own", async () => {
  const server = createServer({ channels: [], clock: new FakeClock(), connect: () => ({ id: "server" }) });
  const mount = server.mount({ grammar: phoenix, path: "/socket", connect: () => ({ id: "mount" }) });

  expect(await mount.admit(toRequest())).toEqual({ kind: "admitted", admission: { id: "mount" } });
});

test("a mount admits everyone where nobody decides", async () => {
  const mount = createServer({ channels: [], clock: new FakeClock() }).mount({ grammar: phoenix, path: "/socket" });

  expect(await mount.admit(toRequest())).toEqual({ kind: "admitted", admission: {} });
});

test("a mount tells a refusal from a failure", async () => {
  const server = createServer({ channels: [], clock: new FakeClock() });
  const cause = new Error("database is down");
  const refusing = server.mount({ grammar: phoenix, path: "/a", connect: () => refuse("banned") });
  const failing = server.mount({ grammar: phoenix, path: "/b", connect: () => Promise.reject(cause) });

  expect(await refusing.admit(toRequest())).toEqual({ kind: "refused", response: { reason: "banned" } });
  expect(await failing.admit(toRequest())).toEqual({ kind: "failed", cause });
});

test("a mount awaits whatever a connect handler gives that can be awaited", async () => {
  const server = createServer({ channels: [], clock: new FakeClock() });
  const later = Promise.resolve(refuse("banned"));
  const mount = server.mount({ grammar: phoenix, path: "/socket", connect: () => later });

  expect(await mount.admit(toRequest())).toEqual({ kind: "refused", response: { reason: "banned" } });
});

test("a mount gives up a connect handler after the connect timeout", async () => {
  const clock = new FakeClock();
  const server = createServer({ channels: [], clock, limits: { connectTimeoutMs: 4_000 } });
  const mount = server.mount({ grammar: phoenix, path: "/socket", connect: () => createGate<never>().opened });

  const outcome = mount.admit(toRequest());
  await clock.advance(4_000);

  expect(await outcome).toEqual({ kind: "timeout" });
  expect(clock.timerCount).toBe(0);
});

test("a mount leaves no timer behind when the handler answers in time", async () => {
  const clock = new FakeClock();
  const mount = createServer({ channels: [], clock }).mount({ grammar: phoenix, path: "/socket" });

  await mount.admit(toRequest());

  expect(clock.timerCount).toBe(0);
});

test("a mount refuses limits out of range", () => {
  const server = createServer({ channels: [] });

  expect(() => server.mount({ grammar: phoenix, path: "/socket", limits: { maxChannels: 0 } })).toThrow(
    "maxChannels is 0",
  );
});
