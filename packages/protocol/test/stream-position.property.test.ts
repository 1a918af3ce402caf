import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  judgeArrival,
  positionOf,
  readPosition,
  readReport,
  readStamp,
  RECOVERY_REASONS,
  type RecoveryReason,
  type StreamPosition,
  type StreamStamp,
  writePosition,
  writeStamp,
} from "../src/index.ts";
import { writeReport } from "../src/stream-position.ts";

/** The history of one topic, and what may happen to the store that keeps it. */
class Log {
  /** All messages of this history, kept or not. */
  stamps: readonly StreamStamp[] = [];
  #keptFrom = 0;
  #epochCount = 1;
  #idCount = 0;

  get ids(): readonly string[] {
    return this.stamps.map(({ id }) => id);
  }

  get top(): StreamPosition {
    const last = this.stamps.at(-1);
    return last === undefined ? { epoch: this.#epoch, offset: 0, id: "" } : positionOf(last);
  }

  get #epoch(): string {
    return `e${this.#epochCount}`;
  }

  /** Appends a message that leaves out as many numbers before it. */
  publish(holeCount: number): StreamStamp {
    this.#idCount += 1;
    const { epoch, offset: prev } = this.top;
    const stamp = { epoch, offset: prev + 1 + holeCount, id: `m${this.#idCount}`, prev };
    this.stamps = [...this.stamps, stamp];
    return stamp;
  }

  /** Begins another history. */
  restart(): void {
    this.#epochCount += 1;
    this.stamps = [];
    this.#keptFrom = 0;
  }

  /** Goes back to an older state, as a restored snapshot does, and does not know it. */
  putBack(count: number): void {
    this.stamps = this.stamps.slice(0, Math.max(this.stamps.length - count, 0));
    this.#keptFrom = Math.min(this.#keptFrom, this.stamps.length);
  }

  trim(count: number): void {
    this.#keptFrom = Math.min(this.#keptFrom + count, this.stamps.length);
  }

  /** Everything after a position; `undefined` where that cannot be vouched for. */
  after({ epoch, offset, id }: StreamPosition): readonly StreamStamp[] | undefined {
    if (epoch !== this.#epoch) return undefined;
    if (offset === this.top.offset) return id === this.top.id ? [] : undefined;
    const kept = this.stamps.slice(this.#keptFrom);
    if (offset === 0) return this.#keptFrom === 0 ? kept : undefined;
    const index = kept.findIndex((stamp) => stamp.offset === offset && stamp.id === id);
    return index === -1 ? undefined : kept.slice(index + 1);
  }
}

/** A client that shows what it is given, and asks for everything after its position when it has to. */
class Reader {
  position: StreamPosition;
  shown: readonly string[] = [];
  resetCount = 0;
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
    this.position = log.top;
  }

  receive(stamp: StreamStamp): void {
    const arrival = judgeArrival(this.position, stamp);
    if (arrival === "next") this.#take(stamp);
    if (arrival === "gap" || arrival === "reset") this.ask();
  }

  ask(): void {
    const missed = this.#log.after(this.position);
    if (missed === undefined) this.#loadAnew();
    else for (const stamp of missed) this.#takeNext(stamp);
  }

  #takeNext(stamp: StreamStamp): void {
    expect(judgeArrival(this.position, stamp)).toBe("next");
    this.#take(stamp);
  }

  #take(stamp: StreamStamp): void {
    this.shown = [...this.shown, stamp.id];
    this.position = positionOf(stamp);
  }

  #loadAnew(): void {
    this.resetCount += 1;
    this.shown = this.#log.ids;
    this.position = this.#log.top;
  }
}

type Step =
  | { readonly kind: "publish"; readonly holeCount: number }
  | { readonly kind: "deliver" | "duplicate" | "lose"; readonly index: number }
  | { readonly kind: "trim" | "putBack"; readonly count: number }
  | { readonly kind: "restart" | "comeBack" };

/** A log, a reader, and the link between them, which holds what is on its way. */
class Scene {
  readonly log = new Log();
  readonly reader = new Reader(this.log);
  #isLinked = true;
  #underway: readonly StreamStamp[] = [];

  run(step: Step): void {
    switch (step.kind) {
      case "publish": {
        const stamp = this.log.publish(step.holeCount);
        if (this.#isLinked) this.#underway = [...this.#underway, stamp];
        break;
      }
      case "deliver":
      case "duplicate":
      case "lose":
        this.#carry(step.kind, step.index % Math.max(this.#underway.length, 1));
        break;
      case "trim":
        this.log.trim(step.count);
        break;
      case "putBack":
        // A store that is put back is out of reach meanwhile: links break, and positions are judged again.
        this.log.putBack(step.count);
        this.#isLinked = false;
        this.#underway = [];
        break;
      case "restart":
        this.log.restart();
        break;
      case "comeBack":
        this.#isLinked = true;
        this.reader.ask();
        break;
      default:
        step satisfies never;
    }
    if (this.#isLinked) this.#checkReader();
  }

  #carry(kind: "deliver" | "duplicate" | "lose", index: number): void {
    const stamp = this.#underway[index];
    if (stamp === undefined) return;
    if (kind !== "duplicate") this.#underway = this.#underway.toSpliced(index, 1);
    if (kind !== "lose") this.reader.receive(stamp);
  }

  /** What is shown is the history up to the reader's position, unless that is another history's. */
  #checkReader(): void {
    const { epoch, offset } = this.reader.position;
    if (epoch !== this.log.top.epoch) return;
    const expected = this.log.stamps.filter((stamp) => stamp.offset <= offset).map(({ id }) => id);
    expect(this.reader.shown).toEqual(expected);
  }
}

const indices = fc.nat(20);
const deliveries: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("publish" as const), holeCount: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("deliver", "duplicate", "lose"), index: indices }) },
);
const faults: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("trim", "putBack"), count: fc.nat(5) }),
  fc.record({ kind: fc.constantFrom("restart", "comeBack") }),
);
const stepsWithFaults = fc.array(fc.oneof({ weight: 6, arbitrary: deliveries }, { weight: 1, arbitrary: faults }), {
  maxLength: 60,
});

describe("a reader of a history", () => {
  test("has everything once and in order, whatever is lost, repeated or overtaken, and loads nothing anew", () => {
    fc.assert(
      fc.property(fc.array(deliveries, { maxLength: 60 }), (steps) => {
        const scene = new Scene();

        for (const step of steps) scene.run(step);
        scene.reader.ask();

        expect(scene.reader.shown).toEqual(scene.log.ids);
        expect(scene.reader.resetCount).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test("has everything once and in order, or has loaded it anew, whatever happens to the store", () => {
    fc.assert(
      fc.property(stepsWithFaults, (steps) => {
        const scene = new Scene();

        for (const step of steps) scene.run(step);
        scene.reader.ask();

        expect(scene.reader.shown).toEqual(scene.log.ids);
      }),
      { numRuns: 1000 },
    );
  });

  test("loads anew when the history was put back and has counted up again to the same offset", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }), (count, backCount) => {
        const scene = new Scene();
        for (let index = 0; index < count; index += 1) scene.log.publish(0);
        scene.reader.ask();
        const { offset } = scene.reader.position;

        scene.run({ kind: "putBack", count: backCount });
        while (scene.log.top.offset < offset) scene.log.publish(0);
        scene.run({ kind: "comeBack" });

        expect(scene.reader.position).toMatchObject({ epoch: "e1", offset });
        expect(scene.reader.resetCount).toBe(1);
        expect(scene.reader.shown).toEqual(scene.log.ids);
      }),
    );
  });

  test("notices by itself that the history was put back, once a message reaches its position", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 10 }),
        fc.infiniteStream(fc.nat(2)),
        (count, backCount, holeCounts) => {
          const log = new Log();
          const reader = new Reader(log);
          for (let index = 0; index < count; index += 1) reader.receive(log.publish(0));
          const { offset } = reader.position;

          log.putBack(backCount);
          while (log.top.offset < offset) reader.receive(log.publish(holeCounts.next().value ?? 0));

          expect(reader.resetCount).toBe(1);
          expect(reader.shown).toEqual(log.ids);
        },
      ),
    );
  });
});

describe("what travels", () => {
  const texts = fc.string({ unit: "binary", maxLength: 64 }).filter((text) => text.length <= 64);
  const positions: fc.Arbitrary<StreamPosition> = fc.record(
    { epoch: texts, offset: fc.maxSafeNat(), id: texts },
    { noNullPrototype: true },
  );
  const stamps: fc.Arbitrary<StreamStamp> = fc
    .tuple(positions, fc.maxSafeNat())
    .map(([position, prev]) => ({ ...position, offset: Math.max(position.offset, 1), prev }))
    .map((stamp) => ({ ...stamp, prev: stamp.prev % stamp.offset }));
  const reasons = fc.constantFrom(...(Object.keys(RECOVERY_REASONS) as RecoveryReason[])); // the names are the keys
  const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  test("positions, stamps and reports are read as they were written", () => {
    fc.assert(
      fc.property(positions, stamps, fc.boolean(), reasons, (position, stamp, recovered, reason) => {
        expect(readPosition(overTheWire(writePosition(position)))).toStrictEqual(position);
        expect(readStamp(overTheWire(writeStamp(stamp)))).toStrictEqual(stamp);
        const report = { recovered, reason, position };
        expect(readReport(overTheWire(writeReport(report)))).toStrictEqual(report);
      }),
    );
  });

  test("anything else is undefined and throws nothing", () => {
    const shapes = fc.array(fc.oneof(fc.anything(), fc.constantFrom("e1", 7, "ok", true)), { maxLength: 5 });

    fc.assert(
      fc.property(fc.oneof(fc.anything(), shapes), (value) => {
        for (const read of [readPosition, readStamp, readReport]) {
          expect(["undefined", "object"]).toContain(typeof read(value));
        }
      }),
    );
  });
});
