import type { PhoneModel } from "./devices.ts";
import { make } from "./dom.ts";
import type { Language, Words } from "./words.ts";

/** What the toolbar needs of the phone. */
export interface ToolbarOptions {
  readonly words: Words;
  /** What is chosen at first. */
  readonly settings: { readonly language: Language; readonly theme: "dark" | "light"; readonly model: PhoneModel };
  /** Phones to choose from. */
  readonly models: readonly PhoneModel[];
  /** Another phone was chosen. */
  readonly modelChosen: (model: PhoneModel) => void;
  /** Another appearance was chosen. */
  readonly themeChosen: (theme: "dark" | "light") => void;
  /** One of the buttons was pressed. */
  readonly pressed: (name: "background" | "destroy" | "foreground" | "restart") => void;
}

/** Keys of what the toolbar remembers, in the storage of the page. */
export const SETTING_KEYS = {
  language: "miniprogram-language",
  theme: "miniprogram-theme",
  model: "miniprogram-model",
} as const;

/** The bar above the phone: device, appearance, language, and what happens to the mini-program. */
export class Toolbar {
  /** Where it is drawn. */
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #state = make("span", { class: "state", attributes: { role: "status" } });
  readonly #away: HTMLButtonElement;
  #isAway = false;

  /** Draws the bar. */
  constructor({ words, settings, models, modelChosen, themeChosen, pressed }: ToolbarOptions) {
    this.#words = words;
    this.#away = make(
      "button",
      { class: "primary", onClick: () => pressed(this.#isAway ? "foreground" : "background") },
      words.background,
    );
    const model = select(
      models.map((one) => [one.model, one.model]),
      settings.model.model,
      (value) => {
        const chosen = models.find((one) => one.model === value);
        if (chosen === undefined) return;
        localStorage.setItem(SETTING_KEYS.model, value);
        modelChosen(chosen);
      },
    );
    const theme = select(
      [
        ["light", words.light],
        ["dark", words.dark],
      ],
      settings.theme,
      (value) => {
        localStorage.setItem(SETTING_KEYS.theme, value);
        themeChosen(value === "dark" ? "dark" : "light");
      },
    );
    const language = select(
      [
        ["zh", "中文"],
        ["en", "English"],
      ],
      settings.language,
      (value) => {
        localStorage.setItem(SETTING_KEYS.language, value);
        location.reload();
      },
    );
    this.element = make(
      "header",
      { class: "toolbar" },
      make("label", {}, make("span", {}, words.device), model),
      make("label", {}, make("span", {}, words.theme), theme),
      make("label", {}, make("span", {}, words.language), language),
      this.#away,
      make("button", { onClick: () => pressed("restart") }, words.restart),
      make("button", { onClick: () => pressed("destroy") }, words.destroy),
      this.#state,
    );
    this.setState("running");
  }

  /** Shows what the mini-program is doing. */
  setState(state: string): void {
    const words = this.#words;
    const texts: Readonly<Record<string, string>> = {
      running: words.running,
      background: words.inBackground,
      suspended: words.suspended,
      destroyed: words.destroyed,
    };
    this.#isAway = state !== "running";
    this.#away.textContent = this.#isAway ? words.foreground : words.background;
    this.#state.className = `state ${state}`;
    this.#state.textContent = texts[state] ?? "";
  }
}

function select(
  choices: readonly (readonly [value: string, label: string])[],
  chosen: string,
  changed: (value: string) => void,
): HTMLSelectElement {
  const element = make(
    "select",
    {},
    ...choices.map(([value, label]) => make("option", { attributes: { value } }, label)),
  );
  element.value = chosen;
  element.addEventListener("change", () => changed(element.value));
  return element;
}
