/** An amount in cents, as it is written. */
export function moneyOf(cents: number): string {
  const whole = String(Math.trunc(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = cents % 100;
  return `¥${whole}${rest === 0 ? "" : `.${String(rest).padStart(2, "0")}`}`;
}

/** Reads an amount as people write it, in cents; `undefined` when it is none. No fraction is ever a floating-point number. */
export function parseCents(text: string): number | undefined {
  const [, whole, fraction = ""] = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.replace(/[\s,]/g, "")) ?? [];
  return whole === undefined ? undefined : Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
}
