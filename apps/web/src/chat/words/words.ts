import type { Language } from "../../i18n.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

/** The words of one language, with the keys of English. */
export type Words = typeof en;

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en, zh };
