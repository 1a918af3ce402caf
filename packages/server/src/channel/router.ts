import { type ChannelTarget, isTopic, matchesTopic } from "@hutong/protocol";
import type { ChannelDefinition } from "./define-channel.ts";

/** Where a join leads. */
export interface Route {
  readonly definition: ChannelDefinition;
  /** The topic to join. */
  readonly topic: string;
}

/** Finds the definition for a join. The first definition that matches a topic wins. */
export class Router {
  readonly #definitions: readonly ChannelDefinition[];
  readonly #named: ReadonlyMap<string, ChannelDefinition>;

  /** @throws {TypeError} when two definitions share an Action Cable name. */
  constructor(definitions: readonly ChannelDefinition[]) {
    this.#definitions = definitions;
    const named = new Map<string, ChannelDefinition>();
    for (const definition of definitions) {
      const name = definition.behaviour.cable?.name;
      if (name === undefined) continue;
      if (named.has(name)) throw new TypeError(`two channel definitions have the Action Cable name "${name}"`);
      named.set(name, definition);
    }
    this.#named = named;
  }

  /** `undefined` when nothing matches, or the topic is outside the alphabet of topics. Never throws. */
  route(target: ChannelTarget, params: unknown): Route | undefined {
    if (target.kind === "topic") {
      const { topic } = target;
      if (!isTopic(topic)) return undefined;
      const definition = this.#definitions.find(({ pattern }) => matchesTopic(pattern, topic));
      return definition && { definition, topic };
    }
    const definition = this.#named.get(target.name);
    const topic = definition && topicOf(definition, params);
    return definition && typeof topic === "string" && isTopic(topic) ? { definition, topic } : undefined;
  }
}

// Written by applications and fed by clients, so its type promises more than it keeps.
function topicOf({ behaviour }: ChannelDefinition, params: unknown): unknown {
  if (typeof params !== "object" || params === null) return undefined;
  try {
    return behaviour.cable?.topic({ ...params });
  } catch {
    // The function is the application's and the parameters are the client's: what it cannot map is no topic.
    return undefined;
  }
}
