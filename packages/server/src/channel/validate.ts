import type { SchemaIssue, StandardSchema } from "@hutong/protocol";

/** A checked value, or what is wrong with it in a form that can be sent. */
export type Validation =
  | { readonly kind: "valid"; readonly value: unknown }
  | { readonly kind: "invalid"; readonly issues: readonly { readonly path: string; readonly message: string }[] };

// A client that sends garbage gets enough to find its mistake, not a copy of it.
const MAX_ISSUES = 8;

/** Checks a value against a schema, or lets it pass where there is none. Asynchronous only where the schema is. */
export function validate(schema: StandardSchema | undefined, value: unknown): Validation | Promise<Validation> {
  if (schema === undefined) return { kind: "valid", value };
  const result = schema["~standard"].validate(value);
  return result instanceof Promise ? result.then(toValidation) : toValidation(result);
}

function toValidation(result: {
  readonly value?: unknown;
  readonly issues?: readonly SchemaIssue[] | undefined;
}): Validation {
  if (result.issues === undefined) return { kind: "valid", value: result.value };
  const issues = result.issues
    .slice(0, MAX_ISSUES)
    .map(({ path = [], message }) => ({ path: path.map(toText).join("."), message }));
  return { kind: "invalid", issues };
}

function toText(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === "object" ? segment.key : segment);
}
