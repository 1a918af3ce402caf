/** The number of colours that names are spread over. */
export const HUE_COUNT = 15;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The hue of a name, in degrees: the same on every page and every day. */
export function hueOf(name: string): number {
  // FNV-1a, then a last mix: without it, short names share their low bits.
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  const mixed = (hash ^ (hash >>> 15)) >>> 0;
  return (mixed % HUE_COUNT) * (360 / HUE_COUNT);
}

/** What stands in a name's avatar: its first character as a reader counts characters. */
export function letterOf(name: string): string {
  for (const { segment } of graphemes.segment(name.trim())) return segment.toLocaleUpperCase();
  return "?";
}
