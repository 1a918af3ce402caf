import type { Session } from "@hutong/chat-api";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";

import { CallError } from "../../../src/chat/model/call-error.ts";
import { parseSession, type SessionHome, SessionStore } from "../../../src/chat/model/session-store.ts";
import { meOf } from "../support.ts";

/** The storage of one browser, as its tabs share it. */
class Browser {
  #text: string | undefined;
  readonly #tabs = new Set<() => void>();
  #turn: Promise<unknown> = Promise.resolve();

  tab(): SessionHome {
    let own: (() => void) | undefined;
    return {
      read: () => this.#text,
      write: (text) => {
        this.#text = text;
        for (const changed of this.#tabs) if (changed !== own) changed();
      },
      watch: (changed) => {
        own = changed;
        this.#tabs.add(changed);
        return () => this.#tabs.delete(changed);
      },
      lock: (run) => {
        const turn = this.#turn.then(run);
        this.#turn = turn.catch(() => undefined);
        return turn;
      },
    };
  }
}

function sessionOf(number: number): Session {
  return {
    me: meOf(),
    sessionId: "s1",
    accessToken: `access ${number}`,
    expiresInMs: 900_000,
    refreshToken: `refresh ${number}`,
  };
}

/** A server that trades each refresh token once. */
function createServer() {
  const used: string[] = [];
  let number = 1;
  return {
    used,
    call: (async (_name: string, input: { refreshToken: string }) => {
      if (used.includes(input.refreshToken)) throw new CallError("unauthorized");
      used.push(input.refreshToken);
      number += 1;
      return sessionOf(number);
    }) as never,
  };
}

describe("SessionStore", () => {
  test("a token with life left is given as it is", async () => {
    const store = new SessionStore({ home: new Browser().tab(), call: createServer().call, clock: new FakeClock() });
    store.adopt(sessionOf(1));

    expect(await store.token()).toBe("access 1");
  });

  test("several callers of one tab share one refresh", async () => {
    const clock = new FakeClock();
    const server = createServer();
    const store = new SessionStore({ home: new Browser().tab(), call: server.call, clock });
    store.adopt(sessionOf(1));
    await clock.advance(880_000);

    expect(await Promise.all([store.token(), store.token(), store.token()])).toEqual([
      "access 2",
      "access 2",
      "access 2",
    ]);
    expect(server.used).toEqual(["refresh 1"]);
  });

  test("two tabs that refresh at once trade one token, and both go on", async () => {
    const clock = new FakeClock();
    const server = createServer();
    const browser = new Browser();
    const one = new SessionStore({ home: browser.tab(), call: server.call, clock });
    one.adopt(sessionOf(1));
    const other = new SessionStore({ home: browser.tab(), call: server.call, clock });
    await clock.advance(880_000);

    expect(await Promise.all([one.token(), other.token()])).toEqual(["access 2", "access 2"]);
    expect(server.used).toEqual(["refresh 1"]);
  });

  test("a session that the server has ended ends here, in every tab", async () => {
    const clock = new FakeClock();
    const browser = new Browser();
    const call = (async () => Promise.reject(new CallError("unauthorized"))) as never;
    const one = new SessionStore({ home: browser.tab(), call, clock });
    one.adopt(sessionOf(1));
    const other = new SessionStore({ home: browser.tab(), call, clock });
    await clock.advance(880_000);

    await expect(one.token()).rejects.toMatchObject({ code: "unauthorized" });
    expect([one.current.value, other.current.value, one.ended.value]).toEqual([undefined, undefined, "session_ended"]);
  });

  test("without a network the session stays", async () => {
    const clock = new FakeClock();
    const call = (async () => Promise.reject(new CallError("network"))) as never;
    const store = new SessionStore({ home: new Browser().tab(), call, clock });
    store.adopt(sessionOf(1));
    await clock.advance(880_000);

    await expect(store.token()).rejects.toMatchObject({ code: "network" });
    expect(store.current.value?.sessionId).toBe("s1");
  });

  test("signing out in one tab signs the others out", () => {
    const browser = new Browser();
    const options = { call: createServer().call, clock: new FakeClock() };
    const one = new SessionStore({ ...options, home: browser.tab() });
    one.adopt(sessionOf(1));
    const other = new SessionStore({ ...options, home: browser.tab() });

    one.end();

    expect(other.current.value).toBe(undefined);
    expect(one.ended.value).toBe(undefined);
  });
});

describe("parseSession", () => {
  test("what the page did not write is nobody's session", () => {
    expect(parseSession(undefined)).toBe(undefined);
    expect(parseSession("{")).toBe(undefined);
    expect(parseSession("null")).toBe(undefined);
    expect(parseSession('{"me":{"id":"ada"},"accessToken":"a"}')).toBe(undefined);
  });
});
