import { join } from "node:path";
import type { Pin } from "./pinning.ts";
import type { Programs } from "./programs.ts";
import { type BenchServer, foreignServer, startBenchServer } from "./server-process.ts";

/** Whom results and targets name. */
export type ContestantId = keyof typeof CONTESTANTS;

/** A server in the comparison. */
export interface Contestant {
  readonly id: string;
  /** Arguments of the load generator that make it speak the server's words. */
  readonly words: readonly string[];
  /** Brings the server up, or finds it. */
  readonly start: () => Promise<BenchServer>;
}

interface Built {
  readonly dialect: string;
  /** A server of this folder, or the C yardstick, with its arguments. */
  readonly program: readonly string[];
}

/** Everything that can be started from here. */
export const CONTESTANTS = {
  hutong: { dialect: "phoenix", program: ["room-server"] },
  "hutong, Action Cable": { dialect: "action-cable", program: ["room-server"] },
  ws: { dialect: "plain", program: ["plain-ws-server", "each"] },
  "ws, batched": { dialect: "plain", program: ["plain-ws-server", "batch"] },
  "socket.io": { dialect: "socket.io", program: ["socket-io-server"] },
  C: { dialect: "plain", program: ["limit", "each"] },
  "C, batched": { dialect: "plain", program: ["limit", "batch"] },
} as const satisfies Readonly<Record<string, Built>>;

/** Servers that somebody else runs on this machine, by the variable that holds their address. */
const FOREIGN: Readonly<Record<string, { readonly id: string; readonly dialect: string }>> = {
  HUTONG_BENCH_PHOENIX: { id: "Phoenix", dialect: "phoenix" },
  HUTONG_BENCH_ACTION_CABLE: { id: "Action Cable", dialect: "action-cable" },
  HUTONG_BENCH_ANYCABLE: { id: "AnyCable", dialect: "action-cable" },
  HUTONG_BENCH_CENTRIFUGO: { id: "Centrifugo", dialect: "centrifugo" },
};

/** Makes the contestants that are built here. */
export function builtContestants(ids: readonly ContestantId[], programs: Programs, pin: Pin): readonly Contestant[] {
  return ids.map((id) => {
    const { dialect, program } = CONTESTANTS[id];
    const [name, ...rest] = program;
    const command =
      name === "limit"
        ? [programs.limit, ...rest]
        : [process.execPath, "--expose-gc", join(programs.servers, `${name}.js`), ...rest];
    return { id, words: ["--dialect", dialect], start: () => startBenchServer(pin(0, command)) };
  });
}

/**
 * Finds the servers that the environment names: the address in a variable of {@link FOREIGN}, the ids of their
 * processes, for the CPU time, in the same name with `_PIDS`.
 *
 * @throws {TypeError} when an address is not on this machine, for the load generator speaks to no other.
 */
export function foreignContestants(environment: Readonly<Record<string, string | undefined>>): readonly Contestant[] {
  return Object.entries(FOREIGN).flatMap(([name, { id, dialect }]) => {
    const address = environment[name];
    if (address === undefined) return [];
    const url = new URL(address);
    if (url.protocol !== "ws:" || url.hostname !== "127.0.0.1") {
      throw new TypeError(`${name} is "${address}"; it has to begin with ws://127.0.0.1:`);
    }
    const pids = (environment[`${name}_PIDS`] ?? "").split(",").filter(Boolean).map(Number);
    const path = url.pathname + url.search;
    const words = ["--dialect", dialect, ...(path === "/" ? [] : ["--path", path])];
    return [{ id, words, start: async () => foreignServer(Number(url.port), pids) }];
  });
}
