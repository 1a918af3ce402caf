import { DrawnElement, make } from "./built-in-element.ts";

const STYLE = `
:host { display: grid; position: relative; overflow: hidden; min-height: 1.4em; cursor: auto; text-overflow: clip; }
:host(wx-textarea) { width: 300px; height: 150px; }
:host(wx-textarea[auto-height]) { height: auto; min-height: 1.4em; }
input, textarea { all: unset; box-sizing: border-box; display: block; min-width: 0; width: 100%; height: 100%; min-height: 1.4em;
  font: inherit; color: inherit; text-align: inherit; letter-spacing: inherit; caret-color: #07c160; user-select: text; }
textarea { white-space: pre-wrap; overflow-wrap: anywhere; overflow-y: auto; }
input:disabled, textarea:disabled { color: inherit; -webkit-text-fill-color: currentColor; }
slot { padding: inherit; }
::slotted(wx-placeholder) { position: absolute; padding: inherit; box-sizing: border-box; inset: 0; pointer-events: none; display: grid; align-items: center;
  color: #808080; white-space: nowrap; overflow: hidden; }
:host(wx-textarea) ::slotted(wx-placeholder) { align-items: start; white-space: normal; }
`;

const DEFAULT_MAX_LENGTH = 140;

/** What `<input>` and `<textarea>` share: a field of the browser, and a placeholder that takes the page's styles. */
abstract class TextField extends DrawnElement {
  protected readonly field: HTMLInputElement | HTMLTextAreaElement;
  readonly #placeholder = document.createElement("wx-placeholder");
  #valueAtFocus = "";
  #initial: string | undefined;

  constructor(field: HTMLInputElement | HTMLTextAreaElement) {
    super();
    this.field = field;
    field.setAttribute("part", "field");
    this.draw(STYLE, field, make("slot", { name: "placeholder" }));
    this.#placeholder.slot = "placeholder";
    this.#placeholder.setAttribute("aria-hidden", "true");
    field.maxLength = DEFAULT_MAX_LENGTH;
    field.addEventListener("input", (event) => this.#typed(event));
    field.addEventListener("focus", () => this.#focused());
    field.addEventListener("blur", () => this.#blurred());
    field.addEventListener("keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Enter" && !event.isComposing) this.confirmed(event);
    });
  }

  get fieldName(): string {
    return this.text("name");
  }

  get fieldValue(): unknown {
    return this.field.value;
  }

  resetField(): void {
    this.field.value = this.#initial ?? "";
    this.keep("value", this.field.value);
    this.#showPlaceholder();
  }

  override click(): void {
    this.field.focus();
  }

  protected abstract confirmed(event: KeyboardEvent): void;

  protected changed(name: string): void {
    switch (name) {
      case "value":
        this.#initial ??= this.text("value");
        if (this.field.value !== this.text("value")) this.field.value = this.text("value");
        this.#showPlaceholder();
        this.runtime.afterBatch(() => this.grew());
        return;
      case "placeholder":
      case "placeholderStyle":
      case "placeholderClass":
        this.#showPlaceholder();
        return;
      case "disabled":
        this.field.disabled = this.flag("disabled");
        return;
      case "maxlength":
        this.#limit(this.number("maxlength", DEFAULT_MAX_LENGTH));
        return;
      case "focus":
      case "autoFocus":
        this.#setFocus(this.flag(name));
        return;
      case "confirmType":
        this.field.enterKeyHint = this.text("confirmType", "done");
        return;
      default:
        this.changedField(name);
    }
  }

  protected abstract changedField(name: string): void;

  #limit(length: number): void {
    if (length < 0) this.field.removeAttribute("maxlength");
    else this.field.maxLength = length;
  }

  #setFocus(isFocused: boolean): void {
    this.runtime.afterBatch(() => {
      if (isFocused) this.field.focus({ preventScroll: false });
      else this.field.blur();
    });
  }

  #showPlaceholder(): void {
    const text = this.text("placeholder");
    this.field.setAttribute("aria-label", text);
    const isShown = this.field.value === "" && text !== "";
    if (!isShown) {
      this.#placeholder.remove();
      return;
    }
    this.#placeholder.textContent = text;
    this.#placeholder.setAttribute("style", this.text("placeholderStyle"));
    this.#placeholder.className = this.#scopedClasses(this.text("placeholderClass"));
    if (this.#placeholder.parentNode !== this) this.append(this.#placeholder);
  }

  /** A class is meant in the scope of the template that the field stands in. */
  #scopedClasses(names: string): string {
    const scopes = new Set(
      [...this.classList].flatMap((name) => (name.includes("--") ? [name.split("--")[0] ?? ""] : [])),
    );
    const list = names.split(/\s+/).filter((name) => name !== "");
    return [...list, ...[...scopes].flatMap((scope) => list.map((name) => `${scope}--${name}`))].join(" ");
  }

  #typed(event: Event): void {
    const { value, selectionStart } = this.field;
    this.keep("value", value);
    this.#showPlaceholder();
    this.grew();
    const keyCode = event instanceof InputEvent ? (event.data?.charCodeAt(0) ?? 8) : 0;
    this.emit("input", { value, cursor: selectionStart ?? value.length, keyCode }, { changed: { value } });
  }

  protected grew(): void {
    // Only a textarea grows.
  }

  #focused(): void {
    this.#valueAtFocus = this.field.value;
    this.emit("focus", { value: this.field.value, height: 0 });
  }

  #blurred(): void {
    const { value } = this.field;
    this.emit("blur", { value, cursor: value.length });
    if (value !== this.#valueAtFocus) this.emit("change", { value });
  }
}

const INPUT_MODES: Readonly<Record<string, string>> = {
  number: "numeric",
  digit: "decimal",
  idcard: "text",
  tel: "tel",
};

/** `<input>`. */
export class InputElement extends TextField {
  constructor() {
    super(make("input", { type: "text", autocomplete: "off" }));
  }

  protected override confirmed(): void {
    this.emit("confirm", { value: this.field.value });
    if (!this.flag("confirmHold")) this.field.blur();
  }

  protected override changedField(name: string): void {
    if (name === "type" || name === "password") {
      const isSecret = this.flag("password") || this.text("type") === "safe-password";
      this.field.setAttribute("type", isSecret ? "password" : "text");
      this.field.inputMode = INPUT_MODES[this.text("type")] ?? "text";
    }
  }
}

/** `<textarea>`. */
export class TextareaElement extends TextField {
  #lines = 0;

  constructor() {
    super(make("textarea", { rows: "1" }));
  }

  protected override confirmed(event: KeyboardEvent): void {
    if (this.text("confirmType", "return") === "return") return;
    event.preventDefault();
    this.emit("confirm", { value: this.field.value });
    if (!this.flag("confirmHold")) this.field.blur();
  }

  protected override changedField(name: string): void {
    if (name !== "autoHeight") return;
    this.toggleAttribute("auto-height", this.flag("autoHeight"));
    this.runtime.afterBatch(() => this.grew());
  }

  protected override grew(): void {
    if (!this.flag("autoHeight")) return;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    const lineHeight = Number.parseFloat(getComputedStyle(this.field).lineHeight) || 20;
    const lineCount = Math.round(this.field.scrollHeight / lineHeight);
    if (lineCount === this.#lines) return;
    this.#lines = lineCount;
    this.emit("linechange", { height: this.field.scrollHeight, lineCount, lineHeight });
  }
}
