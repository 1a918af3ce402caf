import type { GeneralComponent } from "glass-easel";
import { isRecord, numberOf } from "../is-record.ts";
import { contextOf, select, viewElementOf } from "./selector-query.ts";

/** Options of an observer, as WeChat documents them. */
export interface IntersectionOptions {
  /** Parts from 0 to 1 at which to report. */
  readonly thresholds?: readonly number[];
  /** What is assumed to be seen at first. @defaultValue 0 */
  readonly initialRatio?: number;
  /** Whether all nodes that match are watched. @defaultValue false */
  readonly observeAll?: boolean;
}

interface Margins {
  readonly left?: number;
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
}

/** Watches how much of a node can be seen. */
export class IntersectionObserver {
  readonly #scope: GeneralComponent | undefined;
  readonly #options: IntersectionOptions;
  #reference: string | undefined;
  #margins: Margins = {};
  #ends: (() => void)[] = [];

  /** Watches nodes of `scope`'s template. */
  constructor(scope: GeneralComponent | undefined, options: IntersectionOptions) {
    this.#scope = scope;
    this.#options = options;
  }

  /** Compares with a node of the same template. */
  relativeTo(selector: string, margins: Margins = {}): this {
    this.#reference = selector;
    this.#margins = margins;
    return this;
  }

  /** Compares with what can be seen of the page. */
  relativeToViewport(margins: Margins = {}): this {
    this.#reference = undefined;
    this.#margins = margins;
    return this;
  }

  /** Calls the listener when the visible part crosses a threshold. */
  observe(selector: string, listener: (entry: unknown) => void): void {
    const context = this.#scope === undefined ? undefined : contextOf(this.#scope);
    if (context === undefined) return;
    const found = select(this.#scope, selector);
    const reference = this.#reference === undefined ? undefined : select(this.#scope, this.#reference)[0];
    const relativeTo = reference === undefined ? undefined : viewElementOf(reference)?.node;
    for (const node of this.#options.observeAll === true ? found : found.slice(0, 1)) {
      const element = viewElementOf(node);
      if (element === undefined) continue;
      const options = {
        margin: marginText(this.#margins),
        thresholds: this.#options.thresholds ?? [0],
        ...(relativeTo !== undefined && { relativeTo }),
      };
      const report = withoutInitial(this.#options.initialRatio ?? 0, (entry) =>
        listener({ id: node.id, dataset: { ...node.dataset }, ...entry }),
      );
      this.#ends.push(context.observe(element.node, options, report));
    }
  }

  /** Ends all observations. */
  disconnect(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}

/** The first report is left out when it says what was assumed. */
function withoutInitial(initialRatio: number, report: (entry: object) => void): (entry: unknown) => void {
  let isFirst = true;
  return (entry) => {
    if (!isRecord(entry)) return;
    const isExpected = isFirst && numberOf(entry["intersectionRatio"]) === initialRatio;
    isFirst = false;
    if (!isExpected) report(entry);
  };
}

function marginText({ top = 0, right = 0, bottom = 0, left = 0 }: Margins): string {
  return `${top}px ${right}px ${bottom}px ${left}px`;
}
