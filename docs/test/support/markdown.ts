// Reads as much Markdown as the pages of this repository use: headings, fenced
// code, tables and links.

/** A fenced block of code. */
export interface CodeBlock {
  /** What follows the fence, `"ts"`. */
  readonly language: string;
  readonly text: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  /** What a comment `<!-- setup: … -->` right before the block brings in, without being shown. */
  readonly setup: string;
  /** The file that the block's first line names, `// room.ts`. */
  readonly fileName: string | undefined;
}

/** A heading and what stands under it, up to the next heading of any level. */
export interface Section {
  /** Number of hashes. */
  readonly level: number;
  /** The heading without hashes and back-quotes. */
  readonly title: string;
  readonly text: string;
}

const FENCE = /(?:<!-- setup:(?<setup>[^]*?)-->\s*\n)?^```(?<language>\w*)\n(?<text>[^]*?)^```$/gm;
const FILE_NAME = /^(?:\/\/|#) ([\w./-]+\.\w+)\n/;

/** The fenced blocks of a page, in order. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...page.matchAll(FENCE)].map(({ 0: whole, index, groups }) => {
    const { setup = "", language = "", text = "" } = groups ?? {};
    const fenceIndex = index + whole.indexOf(`\`\`\`${language}`);
    const line = page.slice(0, fenceIndex).split("\n").length;
    return { language, text, line, setup: setup.trim(), fileName: FILE_NAME.exec(text)?.[1] };
  });
}

/** The sections of a page, in order. What looks like a heading inside code is none. */
export function sections(page: string): readonly Section[] {
  const headings = [...withoutCode(page).matchAll(/^(#+) (.*)$/gm)];
  return headings.map(({ 0: whole, 1: hashes = "", 2: title = "", index }, at) => {
    const end = headings[at + 1]?.index ?? page.length;
    return {
      level: hashes.length,
      title: title.replaceAll("`", "").trim(),
      text: page.slice(index + whole.length, end),
    };
  });
}

/** The rows of all tables in a text, headers left out, each cell trimmed. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const isHeader = /^\| *:?-/.test(lines[index + 1] ?? "");
    if (!line.startsWith("|") || /^\| *:?-/.test(line) || isHeader) return [];
    return [
      line
        .slice(1, line.lastIndexOf("|"))
        .split("|")
        .map((cell) => cell.trim()),
    ];
  });
}

/** The names between back-quotes in a text. */
export function quotedNames(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

/** The targets of links and images, code left out. */
export function linkTargets(page: string): readonly string[] {
  const prose = withoutCode(page).replaceAll(/`[^`\n]*`/g, "");
  const markdown = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const html = [...prose.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target = ""]) => target);
  return [...markdown, ...html];
}

/** The anchor that a heading gets. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

/** The same length, so that places stay where they are. */
function withoutCode(page: string): string {
  return page.replaceAll(FENCE, (block) => block.replaceAll(/[^\n]/g, " "));
}
