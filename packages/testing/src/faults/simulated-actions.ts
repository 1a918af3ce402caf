import type { FakeClock } from "../fake-clock.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { SimulatedParty } from "./simulated-party.ts";
import { FORBIDDEN_TOPIC, type SimulatedServer } from "./simulated-server.ts";

/** Where actions happen. */
export interface SimulatedScene {
  readonly clock: FakeClock;
  readonly random: SeededRandom;
  readonly server: SimulatedServer;
  /** At least one. */
  readonly parties: readonly SimulatedParty[];
  /** Those that may be joined; at least one. */
  readonly topics: readonly string[];
}

/** Something that happens in a scene. */
interface SimulatedAction {
  /** How often it happens, compared with the others. */
  readonly weight: number;
  readonly run: (scene: SimulatedScene) => void | Promise<void>;
}

const SAYINGS = ["say", "say", "say", "tell_others", "say_slowly", "say_nothing", "fail_first", "typing"];

/** What may happen, by name. */
export const ACTIONS = {
  join: { weight: 3, run: (scene) => anyone(scene).join(scene.random.pick(scene.topics)) },
  joinForbidden: { weight: 0.3, run: (scene) => anyone(scene).join(FORBIDDEN_TOPIC) },
  leave: {
    weight: 1,
    run: (scene) => {
      const party = anyone(scene);
      const [topic] = party.topics;
      if (topic !== undefined) party.leave(topic);
    },
  },
  rejoin: {
    weight: 1,
    run: (scene) => {
      const party = anyone(scene);
      const [topic] = party.topics;
      if (topic === undefined) return;
      party.leave(topic);
      party.join(topic);
    },
  },
  push: { weight: 6, run: (scene) => push(scene, false) },
  pushDurably: { weight: 6, run: (scene) => push(scene, true) },
  broadcast: { weight: 6, run: ({ server, random, topics }) => server.broadcast(random.pick(topics)) },
  broadcastMany: {
    weight: 2,
    run: ({ server, random, topics }) => {
      const topic = random.pick(topics);
      for (let count = random.between(2, 40); count > 0; count--) server.broadcast(topic);
    },
  },
  cut: { weight: 3, run: (scene) => anyone(scene).cut() },
  unplug: { weight: 1, run: (scene) => anyone(scene).unplug() },
  plug: { weight: 2, run: ({ parties }) => parties.forEach((party) => party.plug()) },
  pause: { weight: 2, run: (scene) => anyone(scene).pause() },
  resume: { weight: 3, run: ({ parties }) => parties.forEach((party) => party.resume()) },
  disconnect: {
    weight: 1,
    run: (scene) => scene.server.current?.disconnect(anyone(scene).name),
  },
  crash: {
    weight: 0.5,
    run: async (scene) => {
      scene.server.crash();
      await comeBack(scene);
    },
  },
  drain: {
    weight: 0.3,
    run: async (scene) => {
      scene.server.drain();
      await comeBack(scene);
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

function anyone({ parties, random }: SimulatedScene): SimulatedParty {
  return random.pick(parties);
}

function push(scene: SimulatedScene, isDurable: boolean): void {
  const { random } = scene;
  const party = anyone(scene);
  const topics = [...party.topics].filter((topic) => topic !== FORBIDDEN_TOPIC);
  if (topics.length > 0) party.push(random.pick(topics), random.pick(SAYINGS), isDurable);
}

async function comeBack({ clock, random, server }: SimulatedScene): Promise<void> {
  await clock.advance(random.between(0, 3_000));
  await server.start({ isNew: random.chance(0.5) });
}
