const MAX_LENGTH = 255;
/** Longest ending that survives when a name is cut. */
const MAX_ENDING = 16;

// Control characters, and what turns the direction of writing so that `gpj.exe` reads like a picture.
const UNSEEN = /[\p{Cc}\p{Cs}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu;

/** A file's name for people: the last part of a path, without what cannot be seen. It never becomes part of a path. */
export function cleanFileName(name: string): string {
  const last = name.replaceAll(UNSEEN, "").split(/[/\\]/).at(-1) ?? "";
  const clean = last.trim().replace(/^[.\-~]+/, "");
  return shorten(clean.normalize("NFC")) || "file";
}

function shorten(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const ending = /\.[\p{L}\p{N}]+$/u.exec(name)?.[0] ?? "";
  const kept = ending.length <= MAX_ENDING ? ending : "";
  let stem = name.slice(0, MAX_LENGTH - kept.length);
  // Half a surrogate pair is no character.
  if (/[\uD800-\uDBFF]$/.test(stem)) stem = stem.slice(0, -1);
  return stem + kept;
}
