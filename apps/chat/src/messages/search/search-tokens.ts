// Neither engine cuts Chinese into words, and a word list would miss names. So every run of characters that are written
// without spaces is indexed as its pairs, which are found in order, and as its single characters. Tokens are ASCII,
// so that no engine folds, splits or stops them: `h` and hexadecimal code points for such characters, `w` for
// Latin words and numbers, `u` for words of other scripts.

const UNSPACED = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}";
const RUNS = new RegExp(`([${UNSPACED}]+)|((?:(?![${UNSPACED}])[\\p{L}\\p{N}])+)`, "gu");
/** Longer words are found by their beginning of this length. */
const MAX_WORD_LENGTH = 40;

/** What is indexed of one text. */
export interface IndexedTokens {
  /** In the order of the text, a list per run. */
  readonly runs: readonly (readonly string[])[];
  /** Single characters, each once. */
  readonly characters: readonly string[];
}

/** The tokens under which a text is found. */
export function indexedTokens(text: string): IndexedTokens {
  const runs: string[][] = [];
  const characters = new Set<string>();
  for (const { unspaced, word } of runsOf(text)) {
    if (word !== undefined) runs.push([wordToken(word)]);
    else {
      for (const character of unspaced) characters.add(characterToken(character));
      const pairs = pairTokens(unspaced);
      if (pairs.length > 0) runs.push(pairs);
    }
  }
  return { runs, characters: [...characters] };
}

/** The phrases that a text must hold, all of them, to be found by a query; none for a query without letters. */
export function searchedPhrases(query: string): string[][] {
  return runsOf(query).map(({ unspaced, word }) => {
    if (word !== undefined) return [wordToken(word)];
    const pairs = pairTokens(unspaced);
    return pairs.length > 0 ? pairs : unspaced.map(characterToken);
  });
}

/** Found in every message of the conversation: it keeps a search from going through the words of all others. */
export function conversationToken(conversationId: string): string {
  return `c${Buffer.from(conversationId).toString("hex")}`;
}

interface Run {
  readonly unspaced: readonly string[];
  readonly word: string | undefined;
}

function runsOf(text: string): Run[] {
  return Array.from(text.normalize("NFKC").toLowerCase().matchAll(RUNS), ([, unspaced = "", word]) => ({
    unspaced: Array.from(unspaced),
    word,
  }));
}

function pairTokens(characters: readonly string[]): string[] {
  return characters.slice(1).map((second, place) => `${characterToken(characters[place] ?? "")}${hex(second)}`);
}

function characterToken(character: string): string {
  return `h${hex(character)}`;
}

function wordToken(word: string): string {
  const start = Array.from(word).slice(0, MAX_WORD_LENGTH);
  const isAscii = /^[a-z0-9]+$/.test(word);
  return isAscii ? `w${start.join("")}` : `u${start.map(hex).join("")}`;
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(5, "0");
}
