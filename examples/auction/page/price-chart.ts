import type { ShownBid } from "../src/wire.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [440, 220, 76, 8, 16, 28];

/** What is drawn. */
export interface ChartData {
  readonly bids: readonly ShownBid[];
  /** The ends of the axis of time, in milliseconds since 1970; the latest price is drawn to the second one. */
  readonly from: number;
  readonly to: number;
  readonly formatMoney: (cents: number) => string;
  readonly formatTime: (atMs: number) => string;
}

/** The price over time as steps, because it stays until somebody bids more. Gives the elements of an SVG of 440 by 220. */
export function drawChart({ bids, from, to, formatMoney, formatTime }: ChartData): readonly SVGElement[] {
  const amounts = bids.map(({ amount }) => amount);
  const [low, high] = [Math.min(...amounts), Math.max(...amounts)];
  const x = (at: number): number =>
    LEFT + ((WIDTH - LEFT - RIGHT) * (Math.min(Math.max(at, from), to) - from)) / Math.max(to - from, 1);
  const y = (amount: number): number =>
    HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (amount - low)) / Math.max(high - low, 1);
  const base = HEIGHT - BOTTOM;
  const frame = [
    element("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: base, y2: base }),
    label(formatTime(from), LEFT, HEIGHT - 8, "start"),
    label(formatTime(to), WIDTH - RIGHT, HEIGHT - 8, "end"),
  ];
  const [first] = bids;
  if (first === undefined) return frame;
  const steps = bids.map(({ at, amount }) => `H${x(at)} V${y(amount)}`).join(" ");
  return [
    ...frame,
    element("path", { class: "area", d: `M${x(first.at)} ${base} V${y(first.amount)} ${steps} H${x(to)} V${base} Z` }),
    element("path", { class: "line", d: `M${x(first.at)} ${y(first.amount)} ${steps} H${x(to)}` }),
    label(formatMoney(high), LEFT - 8, y(high) + 4, "end"),
    ...(high > low ? [label(formatMoney(low), LEFT - 8, y(low) + 4, "end")] : []),
  ];
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function label(text: string, x: number, y: number, anchor: "start" | "end"): SVGElement {
  const made = element("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}
