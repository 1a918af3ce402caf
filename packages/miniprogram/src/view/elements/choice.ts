import { BuiltInElement, make } from "./built-in-element.ts";
import { Toggle } from "./form-field.ts";

const CHOICE_STYLE = `
:host { display: inline-block; vertical-align: middle; }
:host([disabled]) .box { opacity: .4; }
.row { display: inline-flex; align-items: center; }
.box { box-sizing: border-box; width: 22px; height: 22px; margin-right: 5px; border: 1px solid #d1d1d1;
  border-radius: 3px; background: #fff; color: #09bb07; flex: none; position: relative; }
.box.round { border-radius: 50%; }
.box.on::after { content: ""; position: absolute; left: 6px; top: 1px; width: 6px; height: 12px;
  border: solid currentColor; border-width: 0 2px 2px 0; transform: rotate(45deg); }
.box.round.on { background: currentColor; border-color: currentColor; }
.box.round.on::after { border-color: #fff; }
`;

abstract class Choice extends Toggle {
  readonly #box: HTMLElement;

  constructor(isRound: boolean) {
    super();
    this.#box = make("span", { class: isRound ? "box round" : "box" });
    this.draw(CHOICE_STYLE, make("span", { class: "row" }, this.#box, make("slot")));
    this.addEventListener("click", () => this.toggle());
  }

  /** What its group reports. */
  get choice(): string {
    return this.text("value");
  }

  get isChecked(): boolean {
    return this.flag("checked");
  }

  check(isChecked: boolean): void {
    this.keep("checked", isChecked);
    this.#show();
  }

  protected changed(): void {
    this.#show();
  }

  #show(): void {
    this.#box.classList.toggle("on", this.isChecked);
    this.#box.style.color = this.text("color");
    this.setAttribute("role", this.localName === "wx-radio" ? "radio" : "checkbox");
    this.setAttribute("aria-checked", String(this.isChecked));
  }
}

/** `<checkbox>`. */
export class CheckboxElement extends Choice {
  constructor() {
    super(false);
  }

  override toggle(): void {
    if (this.flag("disabled")) return;
    this.check(!this.isChecked);
    groupOf(this)?.report(this);
  }
}

/** `<radio>`. */
export class RadioElement extends Choice {
  constructor() {
    super(true);
  }

  override toggle(): void {
    if (this.flag("disabled") || this.isChecked) return;
    const group = groupOf(this);
    for (const other of group?.choices ?? []) if (other !== this && other.isChecked) other.check(false);
    this.check(true);
    group?.report(this);
  }
}

/** `<checkbox-group>` and `<radio-group>`: they report what is chosen among the elements inside. */
abstract class ChoiceGroup extends BuiltInElement {
  abstract get fieldValue(): unknown;

  get fieldName(): string {
    return this.text("name");
  }

  get choices(): readonly Choice[] {
    return [...this.querySelectorAll("wx-checkbox,wx-radio")].filter((element) => element instanceof Choice);
  }

  get chosen(): readonly string[] {
    return this.choices.filter(({ isChecked }) => isChecked).map(({ choice }) => choice);
  }

  resetField(): void {
    for (const choice of this.choices) choice.check(false);
  }

  report(changed: Choice): void {
    changed.runtime.emit(changed, "builtInChange", {}, { changed: { checked: changed.isChecked } });
    this.emit("change", { value: this.fieldValue });
  }

  protected changed(): void {
    // The name is read when a form asks for it.
  }
}

/** `<checkbox-group>`. */
export class CheckboxGroupElement extends ChoiceGroup {
  get fieldValue(): unknown {
    return this.chosen;
  }
}

/** `<radio-group>`. */
export class RadioGroupElement extends ChoiceGroup {
  get fieldValue(): unknown {
    return this.chosen[0] ?? "";
  }
}

function groupOf(choice: Choice): ChoiceGroup | undefined {
  const group = choice.closest("wx-checkbox-group,wx-radio-group");
  return group instanceof ChoiceGroup ? group : undefined;
}
