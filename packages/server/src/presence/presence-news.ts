import type { PresenceCard, PresenceNews } from "@hutong/protocol";
import type { PresenceDiff, PresenceMeta, PresenceState } from "./presence-diff.ts";

/**
 * Presence for clients that know people instead of metas: an id comes with its first
 * meta and goes with its last. Pure.
 */

/** Carries an `info` that is no object, which a meta must be. */
const VALUE_KEY = "$info";

/** Who came and who went with a diff. `state` is the topic's state after it. Updates and further metas of an id are no news. */
export function newsOf({ joins, leaves }: PresenceDiff, state: PresenceState): readonly PresenceNews[] {
  const news: PresenceNews[] = [];
  for (const [id, { metas }] of Object.entries(leaves)) {
    if (!Object.hasOwn(joins, id) && isAlone(metas, metasIn(state, id))) news.push({ kind: "went", id });
  }
  for (const [id, { metas }] of Object.entries(joins)) {
    if (Object.hasOwn(leaves, id) || !isAlone(metas, metasIn(state, id))) continue;
    news.push({ kind: "came", card: cardOf(id, metas) });
  }
  return news;
}

/** Reads the payload of a `presence_diff`; `undefined` when an application has broadcast something else under that name. */
export function readDiff(payload: unknown): PresenceDiff | undefined {
  if (typeof payload !== "object" || payload === null || !("joins" in payload) || !("leaves" in payload))
    return undefined;
  const { joins, leaves } = payload;
  return isState(joins) && isState(leaves) ? { joins, leaves } : undefined;
}

/** Everyone who is there. */
export function cardsOf(state: PresenceState): readonly PresenceCard[] {
  return Object.entries(state).map(([id, { metas }]) => cardOf(id, metas));
}

/** The meta that keeps a client's own `info`. */
export function metaOf(info: unknown): object {
  return typeof info === "object" && info !== null && !Array.isArray(info) ? info : { [VALUE_KEY]: info };
}

function isState(value: unknown): value is PresenceState {
  return typeof value === "object" && value !== null && Object.values(value).every(hasMetas);
}

function hasMetas(value: unknown): boolean {
  return typeof value === "object" && value !== null && "metas" in value && Array.isArray(value.metas);
}

function metasIn(state: PresenceState, id: string): readonly PresenceMeta[] {
  return Object.hasOwn(state, id) ? (state[id]?.metas ?? []) : [];
}

/** Whether an id has no metas beside those of a diff. */
function isAlone(metas: readonly PresenceMeta[], others: readonly PresenceMeta[]): boolean {
  const refs = new Set(metas.map(({ phx_ref: ref }) => ref));
  return others.every(({ phx_ref: ref }) => refs.has(ref));
}

/** What the newest meta says. */
function cardOf(id: string, metas: readonly PresenceMeta[]): PresenceCard {
  const { phx_ref: _ref, phx_ref_prev: _previous, ...info } = metas.at(-1) ?? { phx_ref: "" };
  return { id, info: Object.hasOwn(info, VALUE_KEY) ? Reflect.get(info, VALUE_KEY) : info };
}
