import type { types } from "glass-easel-miniprogram-adapter";
import { isRecord } from "../is-record.ts";

/**
 * Writes the properties of a component or behavior as the framework takes them. Libraries name several types in
 * a list; and a behavior may name an observer that only the component has which uses it.
 */
export function withPlainProperties(definition: types.GeneralComponentDefinition): types.GeneralComponentDefinition {
  const properties: unknown = definition.properties;
  if (!isRecord(properties)) return definition;
  const plain = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, plainProperty(property)]),
  );
  // What a project wrote, in a form that WeChat documents.
  return { ...definition, properties: plain } as types.GeneralComponentDefinition;
}

function plainProperty(property: unknown): unknown {
  const types: unknown = isRecord(property) ? property["type"] : property;
  const [type, ...optionalTypes]: readonly unknown[] = Array.isArray(types) ? types : [types];
  if (!isRecord(property)) return Array.isArray(types) ? { type, optionalTypes } : property;
  const { observer } = property;
  return {
    ...property,
    ...(Array.isArray(types) && { type, optionalTypes }),
    ...(typeof observer === "string" && { observer: callerOf(observer) }),
  };
}

/** Calls the method of that name, when the component has one. */
function callerOf(name: string): (...values: unknown[]) => void {
  return function callMethod(this: unknown, ...values) {
    const method: unknown = isRecord(this) ? this[name] : undefined;
    if (typeof method === "function") Reflect.apply(method, this, values);
  };
}
