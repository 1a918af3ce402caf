import type { JSX } from "preact";

import { POINT_COUNT } from "../rates.ts";

/** Props of {@link Sparkline}. */
export interface SparklineProps {
  /** The oldest first; the newest stands at the right edge. */
  readonly points: readonly number[];
  /** The value that reaches the top when no point is higher. */
  readonly floor?: number;
}

/** A minute of a number. Hidden from screen readers: the number beside it is its latest value. */
export function Sparkline({ points, floor = 1 }: SparklineProps): JSX.Element {
  // Room above the highest point keeps a steady number from looking like a full one.
  const top = Math.max(floor, ...points) * 1.25;
  const line = toLine(points, (value) => 1 - value / top);
  return (
    <svg class="sparkline" viewBox="0 0 59 1" preserveAspectRatio="none" aria-hidden="true">
      {line !== "" && <path class="sparkline-area" d={`${line}L59 1L${firstX(points)} 1Z`} />}
      {line !== "" && <path class="sparkline-line" d={line} />}
    </svg>
  );
}

/** Props of {@link MirroredSparkline}. */
export interface MirroredSparklineProps {
  /** Drawn upwards. */
  readonly up: readonly number[];
  /** Drawn downwards, to the same scale. */
  readonly down: readonly number[];
}

/** Two numbers over one minute, one above the line and one below it. */
export function MirroredSparkline({ up, down }: MirroredSparklineProps): JSX.Element {
  const top = Math.max(1, ...up, ...down);
  const upLine = toLine(up, (value) => 1 - value / top);
  const downLine = toLine(down, (value) => 1 + value / top);
  return (
    <svg class="sparkline mirrored" viewBox="0 0 59 2" preserveAspectRatio="none" aria-hidden="true">
      <path class="sparkline-axis" d="M0 1H59" />
      {upLine !== "" && <path class="sparkline-up" d={`${upLine}L59 1L${firstX(up)} 1Z`} />}
      {downLine !== "" && <path class="sparkline-down" d={`${downLine}L59 1L${firstX(down)} 1Z`} />}
    </svg>
  );
}

function firstX(points: readonly number[]): number {
  return POINT_COUNT - points.length;
}

function toLine(points: readonly number[], y: (value: number) => number): string {
  if (points.length < 2) return "";
  const first = firstX(points);
  return points
    .map((value, index) => `${index === 0 ? "M" : "L"}${first + index} ${Math.round(y(value) * 1_000) / 1_000}`)
    .join("");
}
