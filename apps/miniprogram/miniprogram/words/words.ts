import { en, type Words } from "./en";
import { zh } from "./zh";

/** The languages that it speaks. */
export type Language = "zh" | "en";

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** The language for what the phone says, for example `"zh_CN"`; Chinese for all that begins so, English for the rest. */
export function languageOf(phoneLanguage: string): Language {
  return phoneLanguage.toLowerCase().startsWith("zh") ? "zh" : "en";
}
