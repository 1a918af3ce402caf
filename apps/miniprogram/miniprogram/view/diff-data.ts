/** The data of a view: what `setData` takes. */
export type ViewData = Readonly<Record<string, unknown>>;

/** More patches than this for one list cost more than the list. */
const MAX_PATCHES = 24;

/**
 * What `setData` has to be given so that a view that shows `before` shows `after`. Fields of records and items of lists
 * are patched one by one, because all data travels to the view as text.
 */
export function diffData(before: ViewData, after: ViewData): ViewData {
  const patches = new Map<string, unknown>();
  for (const [name, value] of Object.entries(after)) collect(name, [before[name], value], patches);
  return Object.fromEntries(patches);
}

function collect(path: string, [before, after]: readonly [unknown, unknown], patches: Map<string, unknown>): void {
  if (isSame(before, after)) return;
  const inside = new Map<string, unknown>();
  if (Array.isArray(before) && Array.isArray(after) && after.length >= before.length)
    after.forEach((item, index) => collect(`${path}[${index}]`, [before[index], item], inside));
  else if (isPlain(before) && isPlain(after) && hasFieldsOf(after, before))
    for (const [name, value] of Object.entries(after)) collect(`${path}.${name}`, [before[name], value], inside);
  if (inside.size === 0 || inside.size > MAX_PATCHES) patches.set(path, after);
  else for (const [inner, value] of inside) patches.set(inner, value);
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  if (!isPlain(one) || !isPlain(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
}

/** A field that is left out cannot be patched away. */
function hasFieldsOf(record: ViewData, other: ViewData): boolean {
  return Object.keys(other).every((name) => Object.prototype.hasOwnProperty.call(record, name));
}

function isPlain(value: unknown): value is ViewData {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
