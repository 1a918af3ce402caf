import { BuiltInElement, DrawnElement } from "./built-in-element.ts";

/** An element whose value a form sends. */
export interface FormField {
  /** Name of the value; fields without one are not sent. */
  readonly fieldName: string;
  /** What the form sends. */
  readonly fieldValue: unknown;
  /** Goes back to the value that the template gave. */
  resetField(): void;
}

/** Tells whether an element is a field. */
export function isFormField(element: Element): element is Element & FormField {
  return element instanceof BuiltInElement && "resetField" in element;
}

/** An element that a tap turns on or off, also a tap on its label. */
export abstract class Toggle extends DrawnElement {
  /** Reacts to a tap. */
  abstract toggle(): void;
}

/** Hands a tap on a label to the control that it names or contains. */
export function activateLabel(label: BuiltInElement, tapped: Element): void {
  const name = label.text("for");
  const control =
    name === ""
      ? label.querySelector("wx-switch,wx-checkbox,wx-radio,wx-button,wx-input")
      : document.getElementById(name);
  if (control === null || control.contains(tapped)) return;
  if (control instanceof Toggle) control.toggle();
  else if (control instanceof HTMLElement) control.click();
}
