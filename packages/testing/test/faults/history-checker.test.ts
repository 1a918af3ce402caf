import type { StreamStamp } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import { HistoryChecker } from "../../src/faults/history-checker.ts";

const TOPIC = "room:1";

function stamp(offset: number, epoch = "a"): StreamStamp {
  return { epoch, offset, id: `${epoch}${offset}`, prev: offset - 1 };
}

/** A checker that knows of m1 to m4, and whose client anna has joined and loaded an empty room. */
function begin(): HistoryChecker {
  const checker = new HistoryChecker();
  for (const offset of [1, 2, 3, 4]) checker.kept({ id: `m${offset}`, topic: TOPIC, stamp: stamp(offset) });
  checker.note("anna", TOPIC, { kind: "joined" });
  checker.note("anna", TOPIC, { kind: "loaded", position: { epoch: "a", offset: 0, id: "" } });
  return checker;
}

function give(checker: HistoryChecker, ...ids: readonly string[]): void {
  for (const id of ids) checker.note("anna", TOPIC, { kind: "delivered", id });
}

describe("HistoryChecker", () => {
  test("finds nothing wrong with a client that was given everything once, in order", () => {
    const checker = begin();
    give(checker, "m1", "m2", "m3", "m4");

    expect(checker.judge()).toEqual({
      violation: undefined,
      kept: 4,
      delivered: 4,
      missing: 0,
      duplicates: 0,
      reordered: 0,
      resets: 0,
      accepted: 0,
      violations: 0,
    });
  });

  test("names the messages that did not come", () => {
    const checker = begin();
    give(checker, "m1", "m4");

    const { violation, missing } = checker.judge();

    expect(missing).toBe(2);
    expect(violation).toBe(
      "I1: anna was given m4 (a/4) while at a/1: m2 (a/2), m3 (a/3) did not come before. (1 in all.)",
    );
  });

  test("tells a duplicate from a message that comes late", () => {
    const twice = begin();
    give(twice, "m1", "m2", "m2", "m3", "m4");
    const late = begin();
    give(late, "m1", "m3", "m2", "m4");

    expect(twice.judge()).toMatchObject({ duplicates: 1, reordered: 0, missing: 0 });
    expect(late.judge()).toMatchObject({ duplicates: 0, reordered: 1, missing: 1 });
  });

  test("wants a client to be at the top when all is quiet, unless it has left", () => {
    const checker = begin();
    give(checker, "m1");

    expect(checker.judge().violation).toBe(
      "I6: anna stands at a/1 and never got m2 (a/2), m3 (a/3), m4 (a/4). (1 in all.)",
    );

    checker.note("anna", TOPIC, { kind: "left" });

    expect(checker.judge().violation).toBeUndefined();
  });

  test("lets a client that loads anew go on from there, in another epoch too", () => {
    const checker = begin();
    checker.kept({ id: "n1", topic: TOPIC, stamp: stamp(1, "b") });
    checker.kept({ id: "n2", topic: TOPIC, stamp: stamp(2, "b") });
    give(checker, "m1");
    checker.note("anna", TOPIC, { kind: "loaded", position: { epoch: "b", offset: 1, id: "b1" } });
    give(checker, "n2");

    expect(checker.judge()).toMatchObject({ violation: undefined, resets: 1 });
  });

  test("does not let a client go over to another epoch in silence", () => {
    const checker = begin();
    checker.kept({ id: "n1", topic: TOPIC, stamp: stamp(1, "b") });
    give(checker, "m1", "m2", "m3", "m4", "n1");

    expect(checker.judge().violation).toBe(
      "I1: anna was given n1 (b/1) while at a/4, without having loaded anew. (1 in all.)",
    );
  });

  test("lets the sender do without what it sent to the others", () => {
    const checker = begin();
    checker.kept({ id: "m5", topic: TOPIC, stamp: stamp(5), exceptClient: "anna" });
    checker.kept({ id: "m6", topic: TOPIC, stamp: stamp(6) });
    give(checker, "m1", "m2", "m3", "m4", "m6");

    expect(checker.judge().violation).toBeUndefined();
  });

  test("reports what reaches a client that is not on the topic", () => {
    const checker = begin();
    checker.note("anna", TOPIC, { kind: "left" });
    give(checker, "m1");

    expect(checker.judge().violation).toBe("I7: anna was given m1 (a/1) while not on the topic. (1 in all.)");
  });

  test("holds answers against the history", () => {
    const checker = new HistoryChecker();
    for (const id of ["p1", "p2", "p3", "p4"]) checker.sent("anna", id);
    checker.answered("p1", "accepted");
    checker.answered("p2", "accepted");
    checker.answered("p3", "refused");
    checker.kept({ id: "m1", topic: TOPIC, stamp: stamp(1), pushId: "p1", life: 1 });
    checker.kept({ id: "m2", topic: TOPIC, stamp: stamp(2), pushId: "p3", life: 1 });
    checker.kept({ id: "m3", topic: TOPIC, stamp: stamp(3), pushId: "p4", life: 1 });
    checker.kept({ id: "m4", topic: TOPIC, stamp: stamp(4), pushId: "p4", life: 1 });

    const { violation, violations, accepted } = checker.judge();

    expect({ violations, accepted }).toEqual({ violations: 3, accepted: 2 });
    expect(violation).toBe("I4: push p2 of anna was accepted and is not in the history. (3 in all.)");
  });

  test("lets a push be handled again in another life of the server", () => {
    const checker = new HistoryChecker();
    checker.sent("anna", "p1");
    checker.kept({ id: "m1", topic: TOPIC, stamp: stamp(1), pushId: "p1", life: 1 });
    checker.kept({ id: "m2", topic: TOPIC, stamp: stamp(2), pushId: "p1", life: 2 });

    expect(checker.judge().violation).toBeUndefined();
  });
});
