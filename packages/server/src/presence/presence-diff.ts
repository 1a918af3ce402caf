/**
 * What presence diffs mean, as pure functions. A meta is named by its `phx_ref`,
 * which comes once and goes once; an update is a meta that goes and another that
 * comes. Hence diffs of one topic can be made into one: a meta that came and went in
 * between was never there, and everything else keeps the order in which it came.
 * Applying the one diff gives the same state as applying each.
 */

/** One presence entry. `phx_ref` names it; an update gives it a new one and keeps the old as `phx_ref_prev`. */
export type PresenceMeta = Readonly<Record<string, unknown>> & {
  readonly phx_ref: string;
  readonly phx_ref_prev?: string;
};

/** Key → metas, in the shape of the wire. It has no prototype, so any key is data. */
export type PresenceState = Readonly<Record<string, { readonly metas: readonly PresenceMeta[] }>>;

/** What changed: the metas that came and those that went. */
export interface PresenceDiff {
  /** Metas that came. */
  readonly joins: PresenceState;
  /** Metas that went. */
  readonly leaves: PresenceState;
}

/** Key → ref → meta, in the order of arrival. */
type MetaTable = Map<string, Map<string, PresenceMeta>>;

/** Makes diffs of one topic, in their order, into one. */
export function mergeDiffs(diffs: Iterable<PresenceDiff>): PresenceDiff {
  const joins: MetaTable = new Map();
  const leaves: MetaTable = new Map();
  for (const diff of diffs) {
    for (const [key, meta] of metasOf(diff.joins)) put(joins, key, meta);
    for (const [key, meta] of metasOf(diff.leaves)) if (!take(joins, key, meta)) put(leaves, key, meta);
  }
  return { joins: stateOf(joins), leaves: stateOf(leaves) };
}

/** The state after a diff, the way clients apply it: what joins comes last under its key, what leaves and is unknown is ignored. */
export function applyDiff(state: PresenceState, diff: PresenceDiff): PresenceState {
  const table: MetaTable = new Map();
  for (const [key, meta] of metasOf(state)) put(table, key, meta);
  for (const [key, meta] of metasOf(diff.joins)) put(table, key, meta);
  for (const [key, meta] of metasOf(diff.leaves)) take(table, key, meta);
  return stateOf(table);
}

/** Whether nothing came and nothing went. */
export function isEmptyDiff({ joins, leaves }: PresenceDiff): boolean {
  return Object.keys(joins).length + Object.keys(leaves).length === 0;
}

/** The state with these metas under their keys; metas of one key keep their order. */
export function toState(metas: Iterable<readonly [key: string, meta: PresenceMeta]>): PresenceState {
  const table: MetaTable = new Map();
  for (const [key, meta] of metas) put(table, key, meta);
  return stateOf(table);
}

function* metasOf(state: PresenceState): Iterable<readonly [key: string, meta: PresenceMeta]> {
  for (const [key, { metas }] of Object.entries(state)) for (const meta of metas) yield [key, meta];
}

function put(table: MetaTable, key: string, meta: PresenceMeta): void {
  const metas = table.get(key) ?? new Map<string, PresenceMeta>();
  table.set(key, metas);
  metas.set(meta.phx_ref, meta);
}

function take(table: MetaTable, key: string, meta: PresenceMeta): boolean {
  const metas = table.get(key);
  if (metas === undefined || !metas.delete(meta.phx_ref)) return false;
  if (metas.size === 0) table.delete(key);
  return true;
}

function stateOf(table: MetaTable): PresenceState {
  const state: Record<string, { readonly metas: readonly PresenceMeta[] }> = Object.create(null);
  for (const [key, metas] of table) state[key] = { metas: [...metas.values()] };
  return state;
}
