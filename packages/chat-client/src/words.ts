import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";

export type { NoticeParts } from "./words/en.ts";

/** What the server says by a code, in the words of each language; an interface adds its own. */
export const SERVER_WORDS = { en, zh } as const;
