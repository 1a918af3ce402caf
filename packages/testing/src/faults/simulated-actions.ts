import type { SeededRandom } from "./seeded-random.ts";
import type { SimulatedParty } from "./simulated-party.ts";
import { FORBIDDEN_TOPIC } from "./simulated-server.ts";
import type { Simulation } from "./simulator.ts";

/** Something that happens in a simulation. */
interface SimulatedAction {
  /** How often it happens, compared with the others. */
  readonly weight: number;
  readonly run: (simulation: Simulation) => void | Promise<void>;
}

const SAYINGS = ["say", "say", "say", "tell_others", "say_slowly", "say_nothing", "fail_first", "typing"];

/** What may happen, by name. */
export const ACTIONS = {
  join: { weight: 3, run: (simulation) => anyone(simulation).join(simulation.random.pick(simulation.topics)) },
  joinForbidden: { weight: 0.3, run: (simulation) => anyone(simulation).join(FORBIDDEN_TOPIC) },
  leave: {
    weight: 1,
    run: (simulation) => {
      const party = anyone(simulation);
      const [topic] = party.topics;
      if (topic !== undefined) party.leave(topic);
    },
  },
  rejoin: {
    weight: 1,
    run: (simulation) => {
      const party = anyone(simulation);
      const [topic] = party.topics;
      if (topic === undefined) return;
      party.leave(topic);
      party.join(topic);
    },
  },
  push: { weight: 6, run: (simulation) => push(simulation, false) },
  pushDurably: { weight: 6, run: (simulation) => push(simulation, true) },
  broadcast: { weight: 6, run: ({ server, random, topics }) => server.broadcast(random.pick(topics)) },
  broadcastMany: {
    weight: 2,
    run: ({ server, random, topics }) => {
      const topic = random.pick(topics);
      for (let count = random.between(2, 40); count > 0; count--) server.broadcast(topic);
    },
  },
  cut: { weight: 3, run: (simulation) => anyone(simulation).cut() },
  unplug: { weight: 1, run: (simulation) => anyone(simulation).unplug() },
  plug: { weight: 2, run: ({ parties }) => parties.forEach((party) => party.plug()) },
  pause: { weight: 2, run: (simulation) => anyone(simulation).pause() },
  resume: { weight: 3, run: ({ parties }) => parties.forEach((party) => party.resume()) },
  disconnect: {
    weight: 1,
    run: (simulation) => simulation.server.current?.disconnect(anyone(simulation).name),
  },
  crash: {
    weight: 0.5,
    run: async (simulation) => {
      simulation.server.crash();
      await comeBack(simulation);
    },
  },
  drain: {
    weight: 0.3,
    run: async (simulation) => {
      simulation.server.drain();
      await comeBack(simulation);
    },
  },
} as const satisfies Record<string, SimulatedAction>;

/** The name of something that may happen. */
export type ActionName = keyof typeof ACTIONS;

/** Picks an action, by the weights. */
export function pickAction(random: SeededRandom): ActionName {
  let left = random.next() * TOTAL_WEIGHT;
  for (const name of NAMES) {
    left -= ACTIONS[name].weight;
    if (left < 0) return name;
  }
  return "broadcast";
}

// The keys of the literal above.
const NAMES = Object.keys(ACTIONS) as readonly ActionName[];
const TOTAL_WEIGHT = NAMES.reduce((sum, name) => sum + ACTIONS[name].weight, 0);

function anyone({ parties, random }: Simulation): SimulatedParty {
  return random.pick(parties);
}

function push(simulation: Simulation, isDurable: boolean): void {
  const { random } = simulation;
  const party = anyone(simulation);
  const topics = [...party.topics].filter((topic) => topic !== FORBIDDEN_TOPIC);
  if (topics.length > 0) party.push(random.pick(topics), random.pick(SAYINGS), isDurable);
}

async function comeBack({ clock, random, server }: Simulation): Promise<void> {
  await clock.advance(random.between(0, 3_000));
  await server.start({ isNew: random.chance(0.5) });
}
