import type { Round } from "./round.ts";

/** Answers that are later than this for one bidder in a hundred miss the target, in milliseconds. */
export const TARGET_MS = 50;

/** Where the figures were taken. */
export interface Environment {
  readonly day: string;
  readonly machine: string;
  readonly system: string;
  /** Load averages before and after. */
  readonly load: string;
  readonly spectatorCount: number;
  readonly bidsPerSecond: number;
}

/** The least wait that this share of the answers did not exceed, in milliseconds. */
export function quantile({ waitsMs }: Round, share: number): number {
  return waitsMs[Math.max(Math.ceil(share * waitsMs.length) - 1, 0)] ?? NaN;
}

/** What a bench found, as lines of Markdown. */
export function report(auction: Round, control: Round, environment: Environment): readonly string[] {
  const { spectatorCount, bidsPerSecond, day, machine, system, load } = environment;
  const isMet = quantile(auction, 0.99) < TARGET_MS;
  return [
    `- Load: ${spectatorCount} spectators and ${bidsPerSecond} bids per second`,
    `- The auction: ${figures(auction)}`,
    `- Its answers: ${[...auction.results].map(([result, count]) => `${count} \`${result}\``).join(", ")}`,
    `- The control, plain \`ws\` with the price in a variable: ${figures(control)}`,
    `- Target: 99 of 100 answers within ${TARGET_MS} ms, which is ${isMet ? "met" : "missed"}`,
    `- Environment: ${day}; ${machine}; ${system}; load average before and after ${load}`,
  ];
}

/** Puts lines between the marks of a page. @throws {Error} when the page has no marks. */
export function insertFigures(page: string, lines: readonly string[]): string {
  const [before, rest] = page.split("<!-- figures -->");
  const after = rest?.split("<!-- /figures -->")[1];
  if (before === undefined || after === undefined) throw new Error("the page has no marks around its figures");
  return `${before}<!-- figures -->\n\n${lines.join("\n")}\n\n<!-- /figures -->${after}`;
}

function figures(round: Round): string {
  const [half, most, all] = [0.5, 0.99, 1].map((share) => quantile(round, share).toFixed(1));
  const { length: count } = round.waitsMs;
  const perSecond = Math.round(round.deliveries / round.seconds);
  return `half of ${count} answers within ${half} ms, 99 of 100 within ${most} ms, the longest ${all} ms; ${perSecond} frames per second to the spectators`;
}
