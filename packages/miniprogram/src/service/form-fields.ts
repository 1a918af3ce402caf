import { Component, Element as FrameworkElement, type GeneralComponent } from "glass-easel";
import { isRecord } from "../is-record.ts";

/**
 * Values of components of the project that stand in a form as fields, by name. Built-in fields are read by the
 * view, which knows what was typed.
 */
export function formFieldValues(
  form: FrameworkElement,
  isField: (component: GeneralComponent) => boolean,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  const visit = (node: FrameworkElement): void => {
    const data: unknown = Component.isComponent(node) && isField(node) ? node.data : undefined;
    if (isRecord(data) && typeof data["name"] === "string" && data["name"] !== "") values[data["name"]] = data["value"];
    for (const child of node.childNodes) if (FrameworkElement.isElement(child)) visit(child);
  };
  visit(form);
  return values;
}
