import { textOf } from "../is-record.ts";
import { DRAWINGS, drawing, make } from "./dom.ts";

/** What a navigation bar can do for its page. */
export interface NavigationBarOptions {
  /** `"home"` on a first page that is not the start page. */
  readonly leading: "back" | "home" | "none";
  /** Whether only the capsule is drawn. */
  readonly isCustom: boolean;
  /** Texts in the language of the phone. */
  readonly words: { readonly back: string; readonly home: string };
  /** The button on the left was pressed. */
  readonly pressed: () => void;
}

/** The bar above a page, with its status bar. */
export class NavigationBar {
  /** Where it is drawn. */
  readonly element: HTMLElement;
  /** The bar's text, which the status bar shares. */
  textStyle: "black" | "white" = "black";
  readonly #title = make("h1", { class: "bar-title" });
  readonly #spinner = make("i", { class: "spinner", attributes: { hidden: "" } });
  readonly #leading: HTMLElement;

  /** Draws the bar. */
  constructor({ leading, isCustom, words, pressed }: NavigationBarOptions) {
    const label = leading === "home" ? words.home : words.back;
    this.#leading = make(
      "button",
      { class: "bar-button", attributes: { "aria-label": label }, onClick: pressed },
      drawing(leading === "home" ? DRAWINGS.home : DRAWINGS.back),
    );
    this.#leading.hidden = leading === "none";
    this.element = make(
      "header",
      { class: isCustom ? "bar custom" : "bar" },
      this.#leading,
      this.#spinner,
      this.#title,
    );
  }

  /** Shows the settings of a page. */
  show(settings: Readonly<Record<string, unknown>>): void {
    this.#title.textContent = textOf(settings["title"]);
    this.setColours(textOf(settings["barColor"], "#fff"), settings["barTextStyle"] === "white" ? "white" : "black");
  }

  /** Sets the title. */
  setTitle(title: string): void {
    this.#title.textContent = title;
  }

  /** The title that is shown. */
  get title(): string {
    return this.#title.textContent ?? "";
  }

  /** Sets background and text. */
  setColours(background: string, textStyle: "black" | "white", durationMs = 0): void {
    this.textStyle = textStyle;
    this.element.style.transition = `background-color ${durationMs}ms`;
    this.element.style.backgroundColor = background;
    this.element.style.color = textStyle === "white" ? "#fff" : "#000";
  }

  /** Shows or hides the sign of waiting. */
  setLoading(isLoading: boolean): void {
    this.#spinner.hidden = !isLoading;
  }

  /** Hides the button that leads home. */
  hideHome(): void {
    this.#leading.hidden = true;
  }
}
