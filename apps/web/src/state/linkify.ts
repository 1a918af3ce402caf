/** A stretch of a message's text. */
export type TextPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly url: string };

// Chinese text runs on without spaces, so its punctuation ends an address too.
const ADDRESS = /https?:\/\/[^\s<>"'`，。；：！？、（）《》〈〉「」『』【】“”‘’…]+/giu;
const TRAILING = /[.,;:!?*_~]+$/u;

/** Splits text into plain stretches and http(s) addresses. The parts joined give the text back. */
export function linkify(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimAddress(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push({ kind: "link", text: address, url: address });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

/** Gives back to the sentence what belongs to it: its full stop, and a bracket opened before the address. */
function trimAddress(address: string): string {
  let trimmed = address.replace(TRAILING, "");
  while (/[)\]}]$/u.test(trimmed) && !hasOpening(trimmed)) trimmed = trimmed.slice(0, -1).replace(TRAILING, "");
  return trimmed;
}

function hasOpening(address: string): boolean {
  const closing = address.slice(-1);
  const opening = closing === ")" ? "(" : closing === "]" ? "[" : "{";
  return address.split(opening).length >= address.split(closing).length;
}
