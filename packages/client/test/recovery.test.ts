import type { RecoveryReport, StreamPosition, StreamStamp } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import { MAX_HELD_BROADCASTS, Recovery } from "../src/recovery.ts";

const at = (offset: number, epoch = "e"): StreamPosition => ({ epoch, offset, id: offset === 0 ? "" : `m${offset}` });
const stamp = (offset: number, epoch = "e"): StreamStamp => ({ ...at(offset, epoch), prev: offset - 1 });
const report = (position: StreamPosition, reason: RecoveryReport["reason"] = "fresh"): RecoveryReport => ({
  recovered: reason === "ok",
  reason,
  position,
});

function createRecovery(position?: StreamPosition) {
  const recovery = new Recovery(position);
  const delivered: number[] = [];
  const take = (offset: number, epoch?: string): boolean =>
    recovery.take({ stamp: stamp(offset, epoch), deliver: () => delivered.push(offset) });
  return { delivered, recovery, take };
}

describe("recovery without a snapshot", () => {
  test("follows from the position of the first report", () => {
    const { delivered, recovery, take } = createRecovery();
    expect(recovery.position).toBeUndefined();

    expect(recovery.join(report(at(7)), { loads: false })).toBe(false);

    expect(recovery.position).toEqual(at(7));
    expect([take(8), take(9)]).toEqual([true, true]);
    expect(delivered).toEqual([8, 9]);
    expect(recovery.position).toEqual(at(9));
  });

  test("drops what it has", () => {
    const { delivered, recovery, take } = createRecovery();
    recovery.join(report(at(7)), { loads: false });

    expect([take(6), take(7), take(8), take(8)]).toEqual([true, true, true, true]);

    expect(delivered).toEqual([8]);
  });

  test.each([
    ["a gap", 9, "e"],
    ["another epoch", 8, "other"],
  ])("breaks off at %s, keeps its position and delivers nothing until the next join", (_name, offset, epoch) => {
    const { delivered, recovery, take } = createRecovery();
    recovery.join(report(at(7)), { loads: false });

    expect(take(offset, epoch)).toBe(false);

    expect(take(8)).toBe(true);
    expect(delivered).toEqual([]);
    expect(recovery.position).toEqual(at(7));
    expect(recovery.breaks).toBe(1);
    recovery.join(report(at(7), "ok"), { loads: false });
    expect(take(8)).toBe(true);
    expect(delivered).toEqual([8]);
    expect(recovery.breaks).toBe(0);
  });

  test("breaks off when another message stands at its position", () => {
    const { recovery } = createRecovery();
    recovery.join(report(at(7)), { loads: false });

    expect(recovery.take({ stamp: { ...stamp(7), id: "other" }, deliver: () => undefined })).toBe(false);
  });

  test("counts breaks without progress", () => {
    const { recovery, take } = createRecovery(at(1));
    for (const _ of [1, 2, 3]) {
      recovery.join(report(at(1), "ok"), { loads: false });
      take(9);
    }

    expect(recovery.breaks).toBe(3);
  });

  test("goes on from its own position when the server recovered", () => {
    const { delivered, recovery, take } = createRecovery(at(3));

    recovery.join(report(at(3), "ok"), { loads: false });
    take(4);

    expect(delivered).toEqual([4]);
  });

  test("takes the server's position when it recovered for somebody who had none", () => {
    const { recovery } = createRecovery();

    recovery.join(report(at(3), "ok"), { loads: false });

    expect(recovery.position).toEqual(at(3));
  });

  test.each([
    ["no report", undefined],
    ["a topic that keeps no history", report({ epoch: "", offset: 0, id: "" }, "disabled")],
  ])("after %s has no position, and delivers whatever comes", (_name, answer) => {
    const { delivered, recovery, take } = createRecovery(at(3));

    recovery.join(answer, { loads: false });

    expect(recovery.position).toBeUndefined();
    expect([take(20), take(10)]).toEqual([true, true]);
    expect(delivered).toEqual([20, 10]);
    expect(recovery.position).toBeUndefined();
  });

  test("has moved on before it delivers", () => {
    const { recovery } = createRecovery();
    recovery.join(report(at(7)), { loads: false });
    let seen: StreamPosition | undefined;

    recovery.take({ stamp: stamp(8), deliver: () => (seen = recovery.position) });

    expect(seen).toEqual(at(8));
  });

  test("delivers nothing before a join and after leaving", () => {
    const { delivered, recovery, take } = createRecovery(at(3));
    expect(take(4)).toBe(true);
    recovery.join(report(at(3), "ok"), { loads: false });
    recovery.leave();

    expect(take(4)).toBe(true);

    expect(delivered).toEqual([]);
    expect(recovery.position).toEqual(at(3));
  });
});

describe("recovery with a snapshot", () => {
  test("needs none when the server recovered", () => {
    const { delivered, recovery, take } = createRecovery(at(3));

    expect(recovery.join(report(at(3), "ok"), { loads: true })).toBe(false);
    take(4);

    expect(delivered).toEqual([4]);
  });

  test("holds what comes and has no position until the data is there", () => {
    const { delivered, recovery, take } = createRecovery(at(3));

    expect(recovery.join(report(at(7), "trimmed"), { loads: true })).toBe(true);
    expect([take(8), take(9)]).toEqual([true, true]);

    expect(delivered).toEqual([]);
    expect(recovery.position).toBeUndefined();
    expect(recovery.release(undefined)).toBe(true);
    expect(delivered).toEqual([8, 9]);
    expect(recovery.position).toEqual(at(9));
  });

  test("delivers only what the data lacks", () => {
    const { delivered, recovery, take } = createRecovery();
    recovery.join(report(at(7)), { loads: true });
    for (const offset of [8, 9, 10]) take(offset);

    expect(recovery.release(at(9))).toBe(true);

    expect(delivered).toEqual([10]);
  });

  test("waits for the messages that the data holds to pass by", () => {
    const { delivered, recovery, take } = createRecovery();
    recovery.join(report(at(7)), { loads: true });

    expect(recovery.release(at(9))).toBe(true);
    for (const offset of [8, 9, 10]) take(offset);

    expect(delivered).toEqual([10]);
  });

  test.each([
    ["an older place", at(6)],
    ["another epoch", at(9, "other")],
    ["another message at the same place", { ...at(7), id: "other" }],
  ])("breaks off when the data stands at %s, and asks the server from there", (_name, position) => {
    const { delivered, recovery, take } = createRecovery();
    recovery.join(report(at(7)), { loads: true });
    take(8);

    expect(recovery.release(position)).toBe(false);

    expect(delivered).toEqual([]);
    expect(recovery.position).toEqual(position);
  });

  test("breaks off when a held message does not follow, and keeps what went before", () => {
    const { delivered, recovery, take } = createRecovery();
    recovery.join(report(at(7)), { loads: true });
    for (const offset of [8, 10]) take(offset);

    expect(recovery.release(undefined)).toBe(false);

    expect(delivered).toEqual([8]);
    expect(recovery.position).toEqual(at(8));
  });

  test("holds a thousand messages; what goes beyond is fetched from the history", () => {
    const { delivered, recovery, take } = createRecovery();
    recovery.join(report(at(0)), { loads: true });
    for (let offset = 1; offset <= 1_001; offset += 1) expect(take(offset)).toBe(true);

    expect(MAX_HELD_BROADCASTS).toBe(1_000);
    expect(recovery.release(at(500))).toBe(false);

    expect(delivered).toEqual([]);
    expect(recovery.position).toEqual(at(500));
  });

  test("that comes after the channel is left is left alone, and the next join starts over", () => {
    const { delivered, recovery, take } = createRecovery();
    recovery.join(report(at(7)), { loads: true });
    take(8);
    recovery.leave();

    expect(recovery.release(at(8))).toBe(true);

    expect(recovery.position).toBeUndefined();
    expect(delivered).toEqual([]);
  });

  test("on a topic without history releases into live delivery", () => {
    const { delivered, recovery, take } = createRecovery();

    expect(recovery.join(undefined, { loads: true })).toBe(true);
    expect(recovery.release(at(4))).toBe(true);
    take(9);

    expect(recovery.position).toBeUndefined();
    expect(delivered).toEqual([9]);
  });
});
