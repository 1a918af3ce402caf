import { describe, expect, test } from "vitest";

import { arrange, type ConnectionFilter, EVERYTHING, type Sort } from "../../src/inspector/connection-filter.ts";
import { Rates } from "../../src/inspector/rates.ts";
import { connection, snapshot } from "./support.ts";

const OLDEST: Sort = { key: "age", isDescending: true };

const ROWS = [
  connection("n1-1", { ageMs: 30, wireProtocol: "phoenix-2+hutong.1", topics: ["room:lobby"], channelCount: 1 }),
  connection("n1-2", { ageMs: 20, wireProtocol: "actioncable-v1-json", queuedBytes: 9, socketId: "users:Ada" }),
  connection("n1-3", { ageMs: 10, transport: "longpoll", state: "closing", queuedBytes: 5 }),
];

function ids(filter: Partial<ConnectionFilter>, sort: Sort = OLDEST): readonly string[] {
  return arrange(ROWS, { filter: { ...EVERYTHING, ...filter }, sort, rates: new Rates() }).map(({ id }) => id);
}

describe("arrange", () => {
  test.each([
    ["lobby", ["n1-1"]],
    [" LONGPOLL ", ["n1-3"]],
    ["users:ada", ["n1-2"]],
    ["actioncable", ["n1-2"]],
    ["n1-", ["n1-1", "n1-2", "n1-3"]],
    ["nobody", []],
  ])("finds %j wherever it stands, in any case", (text, expected) => {
    expect(ids({ text })).toEqual(expected);
  });

  test("keeps to one family of clients, or one state", () => {
    expect(ids({ mark: "hutong" })).toEqual(["n1-1"]);
    expect(ids({ mark: "phoenix" })).toEqual(["n1-3"]);
    expect(ids({ mark: "action_cable" })).toEqual(["n1-2"]);
    expect(ids({ state: "closing" })).toEqual(["n1-3"]);
  });

  test("orders by a column, both ways", () => {
    expect(ids({}, { key: "queue", isDescending: true })).toEqual(["n1-2", "n1-3", "n1-1"]);
    expect(ids({}, { key: "age", isDescending: false })).toEqual(["n1-3", "n1-2", "n1-1"]);
    expect(ids({}, { key: "channels", isDescending: true })).toEqual(["n1-1", "n1-2", "n1-3"]);
  });

  test("orders by what the last second brought", () => {
    const rates = new Rates();
    rates.add(snapshot(0, { connections: ROWS }));
    const next = ROWS.map((row, index) => ({ ...row, framesIn: index, framesOut: 9 - index }));
    rates.add(snapshot(1_000, { connections: next }));
    const by = (key: "in" | "out"): readonly string[] =>
      arrange(next, { filter: EVERYTHING, sort: { key, isDescending: true }, rates }).map(({ id }) => id);

    expect([by("in"), by("out")]).toEqual([
      ["n1-3", "n1-2", "n1-1"],
      ["n1-1", "n1-2", "n1-3"],
    ]);
  });
});
