import { effect, type Signal, signal } from "@preact/signals";

import { type Language, LANGUAGES, pickLanguage, toLanguageTag } from "../i18n.ts";
import { keep, readKept } from "../kept-text.ts";

/** The appearances of the page. */
export const THEMES = ["system", "light", "dark"] as const;

/** Light, dark, or as the system says. */
export type Theme = (typeof THEMES)[number];

/** What a person chose, kept on this device. Setting a signal keeps it. */
export interface Preferences {
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
  /** `""` until a person gave a name. */
  readonly nickname: Signal<string>;
}

const LANGUAGE_KEY = "hutong.language";
const THEME_KEY = "hutong.theme";
const NICKNAME_KEY = "hutong.nickname";
const TOKEN_KEY = "hutong.token";

/**
 * Reads the preferences and keeps the document in step with them: its language
 * and its `data-theme`. Lives as long as the page. Frames of one page follow each
 * other through the storage event.
 */
export function createPreferences(): Preferences {
  const language = signal(readLanguage());
  const theme = signal(readTheme());
  const nickname = signal(readKept("localStorage", NICKNAME_KEY) ?? "");
  addEventListener("storage", ({ key }) => {
    if (key === LANGUAGE_KEY) language.value = readLanguage();
    if (key === THEME_KEY) theme.value = readTheme();
  });
  effect(() => {
    document.documentElement.lang = toLanguageTag(language.value);
    document.documentElement.dataset["theme"] = theme.value;
  });
  keepChanges(language, LANGUAGE_KEY);
  keepChanges(theme, THEME_KEY);
  keepChanges(nickname, NICKNAME_KEY);
  return { language, theme, nickname };
}

/** The token of this tab; it goes when the tab goes. */
export function readToken(): string | undefined {
  return readKept("sessionStorage", TOKEN_KEY);
}

/** Keeps a token in this tab; `undefined` forgets it. */
export function keepToken(token: string | undefined): void {
  keep("sessionStorage", TOKEN_KEY, token);
}

function readLanguage(): Language {
  const kept = readKept("localStorage", LANGUAGE_KEY);
  return LANGUAGES.find((language) => language === kept) ?? pickLanguage(navigator.languages);
}

function readTheme(): Theme {
  const kept = readKept("localStorage", THEME_KEY);
  return THEMES.find((theme) => theme === kept) ?? "system";
}

/** Writes changes only: what a person never chose stays with the browser's settings. */
function keepChanges(preference: Signal<string>, key: string): void {
  let last = preference.peek();
  effect(() => {
    if (preference.value === last) return;
    last = preference.value;
    keep("localStorage", key, last);
  });
}
