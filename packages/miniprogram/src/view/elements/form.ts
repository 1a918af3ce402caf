import { BuiltInElement } from "./built-in-element.ts";
import { isFormField } from "./form-field.ts";

/** `<form>`: collects the values of the fields inside. */
export class FormElement extends BuiltInElement {
  /** Reports the values by name. */
  submit(): void {
    const value = Object.fromEntries(
      this.#fields()
        .filter(({ fieldName }) => fieldName !== "")
        .map(({ fieldName, fieldValue }) => [fieldName, fieldValue]),
    );
    this.emit("submit", { value, formId: "mock" });
  }

  /** Puts the fields back. */
  reset(): void {
    for (const field of this.#fields()) field.resetField();
    this.emit("reset", {});
  }

  protected changed(): void {
    // A form has no looks of its own.
  }

  #fields() {
    return [...this.querySelectorAll("*")].filter(isFormField);
  }
}
