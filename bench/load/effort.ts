import type { Scenario } from "./scenarios.ts";

/** How long and how large a run of the benches is. */
export interface Effort {
  /** Times that each contestant runs each scenario. */
  readonly rounds: number;
  /** Time that is not measured yet, in seconds. */
  readonly warmSeconds: number;
  /** Time that is measured, in seconds. */
  readonly measuredSeconds: number;
  /** By what connections and rooms are divided. */
  readonly shrink: number;
}

/** The efforts that the command line knows. */
export const EFFORTS = {
  full: { rounds: 3, warmSeconds: 0.5, measuredSeconds: 1.2, shrink: 1 },
  quick: { rounds: 1, warmSeconds: 0.5, measuredSeconds: 1, shrink: 1 },
  smoke: { rounds: 1, warmSeconds: 0.05, measuredSeconds: 0.1, shrink: 50 },
} as const satisfies Readonly<Record<string, Effort>>;

/** Arguments of the load generator for a scenario. `rate` is in messages per second, for scenarios with an open loop. */
export function loadArguments(scenario: Scenario, effort: Effort, rate?: number): readonly string[] {
  const {
    connections,
    rooms = 1,
    topics = 1,
    publishers = 1,
    bodyBytes = 64,
    stalled = 0,
    isBinary = false,
    isCompressed = false,
  } = scenario;
  const shrunk = (count: number): string => String(Math.max(1, Math.ceil(count / effort.shrink)));
  return [
    ...["--mode", modeOf(scenario, rate)],
    ...["--connections", shrunk(connections), "--rooms", shrunk(rooms), "--publishers", shrunk(publishers)],
    ...["--topics", String(topics), "--size", String(bodyBytes), "--stalled", String(stalled)],
    ...["--warm", String(effort.warmSeconds), "--measured", String(effort.measuredSeconds)],
    ...(rate === undefined ? [] : ["--rate", String(rate)]),
    ...(isBinary ? ["--binary"] : []),
    ...(isCompressed ? ["--compressed"] : []),
  ];
}

function modeOf({ unit }: Scenario, rate: number | undefined): string {
  switch (unit) {
    case "delivery":
      return "closed";
    case "delay":
      return rate === undefined ? "closed" : "open";
    case "reply":
      return "echo";
    case "join":
    case "connection":
      return "idle";
    default:
      return unit satisfies never;
  }
}
