import { describe, expect, test } from "vitest";
import { nothing, StateMachine } from "../src/state-machine.ts";

type Light = { readonly kind: "red" } | { readonly kind: "green" } | { readonly kind: "off" };

const TRANSITIONS = { red: ["green", "off"], green: ["red", "off"], off: [] } as const;

describe("state machine", () => {
  test("leaves the old state, enters the new one, then reports it", () => {
    const log: string[] = [];
    const machine = new StateMachine<Light>({
      initial: { kind: "red" },
      transitions: TRANSITIONS,
      enter: (state, previous) => {
        log.push(`${previous.kind} to ${state.kind}`);
        return () => log.push(`leave ${state.kind}`);
      },
      entered: ({ kind }) => log.push(`entered ${kind}`),
    });

    machine.transition({ kind: "green" });
    machine.transition({ kind: "red" });

    expect(log).toEqual(["red to green", "entered green", "leave green", "green to red", "entered red"]);
  });

  test("throws for a way that the table does not have", () => {
    const machine = new StateMachine<Light>({
      initial: { kind: "off" },
      transitions: TRANSITIONS,
      enter: () => nothing,
      entered: nothing,
    });

    expect(() => machine.transition({ kind: "red" })).toThrow('no way from state "off" to "red"');
    expect(machine.state).toEqual({ kind: "off" });
  });

  test("a state that leads further while it is entered is cleaned up and not reported", () => {
    const log: string[] = [];
    const machine: StateMachine<Light> = new StateMachine<Light>({
      initial: { kind: "red" },
      transitions: TRANSITIONS,
      enter: (state) => {
        if (state.kind === "green") machine.transition({ kind: "off" });
        return () => log.push(`leave ${state.kind}`);
      },
      entered: ({ kind }) => log.push(`entered ${kind}`),
    });

    machine.transition({ kind: "green" });

    expect(log).toEqual(["entered off", "leave green"]);
    expect(machine.state.kind).toBe("off");
  });

  test("a state that is amended is reported, and neither left nor entered", () => {
    const log: string[] = [];
    const machine = new StateMachine<Light>({
      initial: { kind: "red" },
      transitions: TRANSITIONS,
      enter: () => () => log.push("left"),
      entered: ({ kind }, previous) => log.push(`${previous.kind} to ${kind}`),
    });
    const amended: Light = { kind: "red" };

    machine.amend(amended);

    expect(machine.state).toBe(amended);
    expect(log).toEqual(["red to red"]);
  });
});
