import type { Session } from "@hutong/chat-api";
import { type KeyValueStorage, memoryStorage } from "@hutong/client";
import { eventually, FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";

import { CallError } from "../../src/calls/call-error.ts";
import {
  parseSession,
  SessionStore,
  type SessionStoreOptions,
  type SessionTabs,
} from "../../src/session/session-store.ts";
import { ADA, BO, meOf } from "../support/scripted-server.ts";

/** The storage of one browser, as its tabs share it. */
class Browser {
  readonly #texts = memoryStorage();
  readonly #tabs = new Set<() => void>();
  #turn: Promise<unknown> = Promise.resolve();

  tab(): { readonly storage: KeyValueStorage; readonly tabs: SessionTabs } {
    let own: (() => void) | undefined;
    const texts = this.#texts;
    const tell = (): void => {
      for (const changed of this.#tabs) if (changed !== own) changed();
    };
    return {
      storage: {
        ...texts,
        set: (key, value) => texts.set(key, value).then(tell),
        delete: (key) => texts.delete(key).then(tell),
      },
      tabs: {
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
      },
    };
  }
}

/** The store of a tab that was just opened. */
async function openTab(browser: Browser, options: Pick<SessionStoreOptions, "call" | "clock">): Promise<SessionStore> {
  const store = new SessionStore({ ...browser.tab(), ...options });
  await store.restore();
  return store;
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
    const store = new SessionStore({ storage: memoryStorage(), call: createServer().call, clock: new FakeClock() });
    store.adopt(sessionOf(1));

    expect(await store.token()).toBe("access 1");
  });

  test("several callers of one tab share one refresh", async () => {
    const clock = new FakeClock();
    const server = createServer();
    const store = new SessionStore({ storage: memoryStorage(), call: server.call, clock });
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
    const one = await openTab(browser, { call: server.call, clock });
    one.adopt(sessionOf(1));
    const other = await openTab(browser, { call: server.call, clock });
    await clock.advance(880_000);

    expect(await Promise.all([one.token(), other.token()])).toEqual(["access 2", "access 2"]);
    expect(server.used).toEqual(["refresh 1"]);
  });

  test("a session that the server has ended ends here, in every tab", async () => {
    const clock = new FakeClock();
    const browser = new Browser();
    const call = (async () => Promise.reject(new CallError("unauthorized"))) as never;
    const one = await openTab(browser, { call, clock });
    one.adopt(sessionOf(1));
    const other = await openTab(browser, { call, clock });
    await clock.advance(880_000);

    await expect(one.token()).rejects.toMatchObject({ code: "unauthorized" });
    await eventually(() => expect(other.current.value).toBe(undefined));
    expect([one.current.value, one.ended.value, other.ended.value]).toEqual([
      undefined,
      "session_ended",
      "session_ended",
    ]);
    other.adopt(sessionOf(2));
    await eventually(() => expect(one.current.value?.accessToken).toBe("access 2"));
    expect(one.ended.value).toBe(undefined);
  });

  test("who signs out while a token is traded stays signed out", async () => {
    let answer = (_session: Session): void => undefined;
    const call = (() => new Promise<Session>((resolve) => (answer = resolve))) as never;
    const store = new SessionStore({ storage: memoryStorage(), call, clock: new FakeClock() });
    store.adopt(sessionOf(1));

    const traded = store.refresh("access 1");
    store.end();
    answer(sessionOf(2));

    await expect(traded).rejects.toMatchObject({ code: "unauthorized" });
    expect(store.current.value).toBe(undefined);
  });

  test("a refused trade of an older session does not end the one that came after it", async () => {
    let refuse = (_error: CallError): void => undefined;
    const call = (() => new Promise((_, reject) => (refuse = reject))) as never;
    const store = new SessionStore({ storage: memoryStorage(), call, clock: new FakeClock() });
    store.adopt(sessionOf(1));

    const traded = store.refresh("access 1");
    store.adopt({ ...sessionOf(3), sessionId: "s2" });
    refuse(new CallError("unauthorized"));

    await expect(traded).rejects.toMatchObject({ code: "unauthorized" });
    expect([store.current.value?.sessionId, store.ended.value]).toEqual(["s2", undefined]);
  });

  test("what belongs to one user gets no tokens of another", async () => {
    const store = new SessionStore({ storage: memoryStorage(), call: createServer().call, clock: new FakeClock() });
    store.adopt(sessionOf(1));
    const tokens = store.tokensOf(ADA);
    expect(await tokens.token()).toBe("access 1");

    store.adopt({ ...sessionOf(3), me: meOf({ id: BO }), sessionId: "s2" });

    await expect(tokens.token()).rejects.toMatchObject({ code: "unauthorized" });
    await expect(tokens.refresh("access 1")).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("without a network the session stays", async () => {
    const clock = new FakeClock();
    const call = (async () => Promise.reject(new CallError("network"))) as never;
    const store = new SessionStore({ storage: memoryStorage(), call, clock });
    store.adopt(sessionOf(1));
    await clock.advance(880_000);

    await expect(store.token()).rejects.toMatchObject({ code: "network" });
    expect(store.current.value?.sessionId).toBe("s1");
  });

  test("signing out in one tab signs the others out", async () => {
    const browser = new Browser();
    const options = { call: createServer().call, clock: new FakeClock() };
    const one = await openTab(browser, options);
    one.adopt(sessionOf(1));
    const other = await openTab(browser, options);
    expect(other.current.value?.sessionId).toBe("s1");

    one.end();

    await eventually(() => expect(other.current.value).toBe(undefined));
    expect(one.ended.value).toBe(undefined);
  });

  test("a sign-in during the restoring of an older session stands", async () => {
    const storage = memoryStorage();
    const options = { storage, call: createServer().call, clock: new FakeClock() };
    new SessionStore(options).adopt(sessionOf(1));
    const store = new SessionStore(options);

    const restored = store.restore();
    store.adopt(sessionOf(7));
    await restored;

    expect(store.current.value?.accessToken).toBe("access 7");
  });

  test("a token that somebody has traded already is not traded again", async () => {
    const server = createServer();
    const store = new SessionStore({ storage: memoryStorage(), call: server.call, clock: new FakeClock() });
    store.adopt(sessionOf(1));
    await store.refresh("access 1");

    expect(await store.refresh("access 1")).toBe("access 2");
    expect(server.used).toEqual(["refresh 1"]);
  });

  test("a store that is closed hears no other tab", async () => {
    const browser = new Browser();
    const options = { call: createServer().call, clock: new FakeClock() };
    const one = await openTab(browser, options);
    one.adopt(sessionOf(1));
    const other = await openTab(browser, options);

    other.close();
    one.end();
    await options.clock.settle();

    expect(other.current.value?.sessionId).toBe("s1");
  });

  test("a newer state of the account of nobody is nothing", async () => {
    const storage = memoryStorage();
    const store = new SessionStore({ storage, call: createServer().call, clock: new FakeClock() });

    store.update(meOf());

    expect([store.current.value, await storage.keys("")]).toEqual([undefined, []]);
  });

  test("a storage that fails costs the session at the end of the run only", async () => {
    const fail = async (): Promise<never> => Promise.reject(new Error("no storage"));
    const storage = { get: fail, set: fail, delete: fail, keys: fail };
    const store = new SessionStore({ storage, call: createServer().call, clock: new FakeClock() });
    await store.restore();
    store.adopt(sessionOf(1));

    expect(await store.refresh("access 1")).toBe("access 2");
  });
});

describe("parseSession", () => {
  test("what the store did not write is nobody's session", () => {
    expect(parseSession(undefined)).toBe(undefined);
    expect(parseSession("{")).toBe(undefined);
    expect(parseSession("null")).toBe(undefined);
    expect(parseSession('{"me":{"id":"ada"},"accessToken":"a"}')).toBe(undefined);
  });
});
