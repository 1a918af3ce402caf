import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Channel } from "../../src/channel.ts";
import { durableOutbox } from "../../src/outbox/durable-outbox.ts";
import type { Socket } from "../../src/socket.ts";
import type { KeyValueStorage } from "../../src/storage/key-value-storage.ts";
import { memoryStorage } from "../../src/storage/memory-storage.ts";
import { LogServer } from "../log-server.ts";
import { createWorld, type FakeClock, turn } from "../support.ts";

type Step =
  | { readonly kind: "push" | "cut" | "cut before answer" | "turn" | "reload" }
  | { readonly kind: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("push" as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("cut" as const, "cut before answer" as const, "turn" as const, "reload" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3_000 }) }) },
);

/** A storage as one page sees it: when the page dies, nothing that it asked for happens any more. */
class PageStorage implements KeyValueStorage {
  readonly #disk: KeyValueStorage;
  isDead = false;

  constructor(disk: KeyValueStorage) {
    this.#disk = disk;
  }

  get(key: string): Promise<string | undefined> {
    return this.#alive(() => this.#disk.get(key));
  }

  set(key: string, value: string): Promise<void> {
    return this.#alive(() => this.#disk.set(key, value));
  }

  delete(key: string): Promise<void> {
    return this.#alive(() => this.#disk.delete(key));
  }

  keys(prefix: string): Promise<readonly string[]> {
    return this.#alive(() => this.#disk.keys(prefix));
  }

  async #alive<T>(act: () => Promise<T>): Promise<T> {
    await turn();
    return this.isDead ? new Promise(() => undefined) : act();
  }
}

/** A page that pushes, and may die at any time without a word. */
class Page {
  readonly storage: PageStorage;
  readonly clock: FakeClock;
  readonly socket: Socket;
  readonly #channel: Channel;

  constructor(server: LogServer, disk: KeyValueStorage) {
    this.storage = new PageStorage(disk);
    const world = createWorld({ transports: [server], outbox: durableOutbox({ storage: this.storage }) });
    this.clock = world.clock;
    this.socket = world.socket;
    this.#channel = this.socket.channel("room:a");
    this.#channel.join().catch(() => undefined);
    this.socket.connect();
  }

  push(number: number): void {
    const options = { durable: true, id: `push-number-${String(number).padStart(4, "0")}` };
    this.#channel.push("say", { body: `m${number}` }, options).catch(() => undefined);
  }
}

test("every push that was kept is handled once and in order, whatever is cut and whenever the page dies", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
      const server = new LogServer();
      const disk = memoryStorage();
      let page = new Page(server, disk);
      let count = 0;
      const kept = new Set<string>();
      const noteKept = async (): Promise<void> => {
        for (const key of await disk.keys("hutong:push:")) kept.add(`m${Number(key.slice(-4))}`);
      };
      const run = async (action: Step): Promise<void> => {
        if (action.kind === "push") page.push((count += 1));
        else if (action.kind === "cut") server.cut();
        else if (action.kind === "cut before answer") server.cutsBeforeAnswer = true;
        else if (action.kind === "turn") await turn();
        else if (action.kind === "wait") await page.clock.advance(action.ms);
        else {
          page.storage.isDead = true;
          server.cut();
          await noteKept();
          page = new Page(server, disk);
        }
      };

      for (const action of steps) await run(action);
      // The storage takes turns of its own, which a clock that jumps would pass over.
      for (let second = 0; second < 200; second += 1) await page.clock.advance(1_000);

      const handled = [...server.handled];
      expect(new Set(handled).size).toBe(handled.length);
      expect(handled).toEqual(handled.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
      expect([...kept].filter((body) => !handled.includes(body))).toEqual([]);
      expect(page.socket.outbox?.entries).toEqual([]);
      await page.socket.close();
      expect(await disk.keys("")).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
