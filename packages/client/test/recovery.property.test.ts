import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Fault, LogServer } from "./log-server.ts";
import { createWorld, turn } from "./support.ts";

type Step =
  | { readonly kind: "publish"; readonly count: number }
  | { readonly kind: "fault"; readonly fault: Fault }
  | { readonly kind: "cut" | "trim" | "restart" | "turn" }
  | { readonly kind: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("publish" as const), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("fault" as const),
      fault: fc.constantFrom<Fault>("lost", "twice", "late"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("cut" as const, "trim" as const, "restart" as const, "turn" as const),
    }),
  },
);

/** An application that shows every message, and loads all of them when it is told to. */
class Reader {
  readonly server = new LogServer();
  readonly #world = createWorld({ transports: [this.server] });
  shown: readonly string[] = [];
  #count = 0;
  #loads = 0;

  /** `loads`: by its snapshot, or by listening to the state. */
  async start(loads: "snapshot" | "state"): Promise<void> {
    const { socket } = this.#world;
    const channel = socket.channel("room:a", {}, loads === "snapshot" ? { snapshot: () => this.#load() } : {});
    channel.on("said", (payload) => {
      const { body } = payload as { body: string }; // what the server of this test sends
      this.shown = [...this.shown, body];
      this.check();
    });
    channel.onState((state) => {
      if (loads === "state" && state.kind === "joined" && state.recovery?.recovered === false)
        this.shown = [...this.server.published];
    });
    socket.connect();
    channel.join().catch(() => undefined);
    await turn();
  }

  async run(action: Step): Promise<void> {
    const { clock } = this.#world;
    switch (action.kind) {
      case "publish":
        for (let index = 0; index < action.count; index += 1) this.publish();
        return;
      case "fault":
        this.server.faults.push(action.fault);
        return;
      case "cut":
        return this.server.cut();
      case "trim":
        return this.server.trim();
      case "restart":
        return this.server.restart();
      case "turn":
        return turn();
      case "wait":
        return clock.advance(action.ms);
      default:
        return action satisfies never;
    }
  }

  publish(): void {
    this.#count += 1;
    this.server.publish(`m${this.#count}`);
  }

  /** Lets everything settle, and has one message more show any gap. */
  async settle(): Promise<void> {
    this.server.faults.length = 0;
    await this.#world.clock.advance(120_000);
    this.publish();
    await this.#world.clock.advance(120_000);
    await this.#world.socket.close();
  }

  /** Nothing is missing, given twice or out of order. */
  check(): void {
    expect(this.shown).toEqual(this.server.published.slice(0, this.shown.length));
  }

  async #load() {
    this.#loads += 1;
    await turn();
    const position = this.server.top;
    const data = [...this.server.published];
    if (this.#loads % 3 === 0) throw new Error("the database is busy");
    await turn();
    this.shown = data;
    return position;
  }
}

test.each(["snapshot", "state"] as const)(
  "whatever is lost, doubled, late or cut, the application has every message once and in order (it loads by %s)",
  async (loads) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
        const reader = new Reader();
        await reader.start(loads);

        for (const action of steps) {
          await reader.run(action);
          reader.check();
        }
        await reader.settle();

        expect(reader.shown).toEqual(reader.server.published);
      }),
      { numRuns: 150 },
    );
  },
);
