/** Reads an amount as people write it, in cents; `undefined` when it is none. No fraction is ever a floating-point number. */
export function parseCents(text: string): number | undefined {
  const [, whole, fraction = ""] = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.replace(/[\s,]/g, "")) ?? [];
  return whole === undefined ? undefined : Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
}

/** Writes cents for a form field. */
export function toFieldText(cents: number): string {
  const digits = String(cents).padStart(3, "0");
  return digits.endsWith("00") ? digits.slice(0, -2) : `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
