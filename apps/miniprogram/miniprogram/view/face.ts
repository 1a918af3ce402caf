/** What stands for a person or a group. */
export interface Face {
  /** The first letter of the name, where there is no picture. */
  readonly letter: string;
  readonly colour: string;
  /** Path of the picture on this phone; `""` for none. */
  readonly picture: string;
  /** Groups and rooms are square, people are round. */
  readonly isSquare: boolean;
}

/** The web page's hues: white letters are readable on each. */
const COLOURS = [
  ...["#8a4e61", "#8d4f4b", "#8a5336", "#815b26", "#726322", "#5d6a2f", "#447043", "#26735a"],
  ...["#047270", "#0f6f82", "#2f698f", "#4a6294", "#615b91", "#735586", "#825076"],
] as const;

/** Makes a face. */
export function faceOf(name: string, picture: string, isSquare: boolean): Face {
  return { letter: letterOf(name), colour: colourOf(name), picture, isSquare };
}

/** The colour of a name: the same on the web page, and every day. */
export function colourOf(name: string): string {
  // FNV-1a, then a last mix: without it, short names share their low bits.
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return COLOURS[((hash ^ (hash >>> 15)) >>> 0) % COLOURS.length] ?? COLOURS[0];
}

function letterOf(name: string): string {
  const [first = "?"] = name.trim();
  return first.toUpperCase();
}
