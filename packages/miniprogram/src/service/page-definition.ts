import type { types } from "glass-easel-miniprogram-adapter";
import { isRecord } from "../is-record.ts";

/** A page in the form of a component, and what its instances get beside it. */
export interface PageDefinition {
  readonly component: types.GeneralComponentDefinition;
  /** Makes the fields of one instance: lists and plain objects are copies, everything else is shared. */
  readonly fields: () => Readonly<Record<string, unknown>>;
}

/** Turns what a project hands to `Page` into a component: functions become methods, other fields belong to instances. */
export function pageDefinition(page: Readonly<Record<string, unknown>>): PageDefinition {
  const methods: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(page)) {
    if (name === "data" || name === "behaviors" || name === "options") continue;
    if (typeof value === "function") methods[name] = value;
    else fields[name] = value;
  }
  const data = typeof page["data"] === "function" ? callData(page["data"]) : page["data"];
  return {
    component: {
      methods,
      data: isRecord(data) ? data : {},
      ...(Array.isArray(page["behaviors"]) && { behaviors: page["behaviors"] }),
      ...(isRecord(page["options"]) && { options: page["options"] }),
    },
    fields: () => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, copyPlain(value)])),
  };
}

function callData(data: object): unknown {
  return typeof data === "function" ? Reflect.apply(data, undefined, []) : data;
}

/** Copies lists and plain objects; instances of classes keep their identity. */
export function copyPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyPlain);
  if (!isRecord(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, copyPlain(entry)]));
}
