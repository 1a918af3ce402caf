/**
 * Holds the reader's place in a long list of which only a window is in the document. The place is an anchor: an
 * edge of a row, and where it is in the view. Whatever changes above it, rows that load or turn out taller than estimated, the
 * anchor stays where it is on the screen. At the end there is no anchor: the end is the place.
 */
import { createRef } from "preact";

import { RowHeights } from "./row-heights.ts";

/** How near to the end, in pixels, still counts as the end. */
const END_DISTANCE = 40;
/** How far beyond the view rows are in the document, in pixels. */
const MARGIN = 600;

/** What a list is made of. */
export interface ListRow {
  readonly key: string;
  /** Whether the row keeps its key whatever loads around it; only such a row can be an anchor. */
  readonly isStable: boolean;
}

/** Which rows are in the document, and which can be seen. */
export interface ListView {
  readonly first: number;
  readonly last: number;
  /** The last row that can be seen as a whole. */
  readonly lastVisible: number;
  /** Height of all rows. */
  readonly total: number;
  readonly isAtEnd: boolean;
}

/** The view before anything was measured. */
export const EMPTY_VIEW: ListView = { first: 0, last: -1, lastVisible: -1, total: 0, isAtEnd: true };

/** Where the reader is. */
interface Anchor {
  readonly key: string;
  /** Where the row was when it was last looked for. */
  readonly index: number;
  /**
   * The row's upper or lower edge. The lower one, where it can be seen: the first of a sender's messages loses its heading when
   * the ones before it load, and nothing below may move for that.
   */
  readonly edge: "upper" | "lower";
  /** From the top of the view down to the edge. */
  readonly distance: number;
}

/** Moves the window of one list. */
export class ListController {
  readonly scroller = createRef<HTMLDivElement>();
  readonly window = createRef<HTMLDivElement>();
  readonly heights = new RowHeights();
  readonly #changed: (view: ListView) => void;
  #rows: readonly ListRow[] = [];
  #anchor: Anchor | undefined;

  /** `changed` hears of every new view; the same view may come twice. */
  constructor(changed: (view: ListView) => void) {
    this.#changed = changed;
  }

  /** Takes another list; does nothing for the same one. `estimate` gives the height of a row that was never shown. */
  setRows<TRow extends ListRow>(rows: readonly TRow[], estimate: (row: TRow) => number): void {
    if (this.#rows === rows) return;
    this.#rows = rows;
    const keys = rows.map(({ key }) => key);
    this.heights.setRows(keys, (index) => {
      const row = rows[index];
      return row === undefined ? 0 : estimate(row);
    });
  }

  /** Takes the heights of the rows that are in the document, the first of which is `first`, and holds the place. */
  measure(first: number): void {
    const element = this.window.current;
    const sizer = element?.parentElement;
    if (element === null || sizer === null || sizer === undefined) return;
    let isChanged = false;
    for (const [index, row] of [...element.children].entries())
      isChanged = this.heights.set(first + index, row.getBoundingClientRect().height) || isChanged;
    if (isChanged) {
      sizer.style.blockSize = `${this.heights.total}px`;
      element.style.transform = `translateY(${this.heights.offsetOf(first)}px)`;
    }
    // Once all of it is measured and can be seen, there is nowhere to go: the reader is at its end.
    const { scrollHeight = 0, clientHeight = 0 } = this.scroller.current ?? {};
    if (element.children.length === this.#rows.length && scrollHeight <= clientHeight) this.#anchor = undefined;
    this.#place();
  }

  readonly onScroll = (): void => {
    const element = this.scroller.current;
    if (element === null) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= END_DISTANCE;
    this.#anchor = isAtEnd ? undefined : this.#anchorAt(element);
    this.#look(element);
  };

  readonly goToEnd = (): void => {
    this.#anchor = undefined;
    this.#place();
  };

  /** Puts a row into the upper part of the view. */
  readonly goTo = (index: number): void => {
    const key = this.#rows[index]?.key;
    if (key === undefined) return;
    this.#anchor = { key, index, edge: "upper", distance: (this.scroller.current?.clientHeight ?? 0) / 3 };
    this.#place();
  };

  #place(): void {
    const element = this.scroller.current;
    if (element === null) return;
    if (this.#anchor === undefined) element.scrollTop = element.scrollHeight;
    else {
      const index = indexOf(this.#rows, this.#anchor);
      this.#anchor = index < 0 ? this.#anchor : { ...this.#anchor, index };
      if (index >= 0) element.scrollTop = this.#offsetOf(index, this.#anchor.edge) - this.#anchor.distance;
    }
    this.#look(element);
  }

  #look({ scrollTop, clientHeight }: HTMLElement): void {
    const { heights } = this;
    const isAtEnd = this.#anchor === undefined;
    const end = scrollTop + clientHeight;
    this.#changed({
      first: heights.indexAt(scrollTop - MARGIN),
      last: heights.indexAt(end + MARGIN),
      lastVisible: isAtEnd ? heights.count - 1 : heights.indexAt(end - 8),
      total: heights.total,
      isAtEnd,
    });
  }

  /** The first row from the top of the view down that can be held on to. */
  #anchorAt({ scrollTop, clientHeight }: HTMLElement): Anchor | undefined {
    for (let index = this.heights.indexAt(scrollTop); index < this.#rows.length; index += 1) {
      const row = this.#rows[index];
      if (row?.isStable !== true) continue;
      const edge = this.#offsetOf(index, "lower") < scrollTop + clientHeight ? "lower" : "upper";
      return { key: row.key, index, edge, distance: this.#offsetOf(index, edge) - scrollTop };
    }
    return undefined;
  }

  #offsetOf(index: number, edge: Anchor["edge"]): number {
    return this.heights.offsetOf(edge === "lower" ? index + 1 : index);
  }
}

/** Where the anchor's row is; -1 when it is gone. Mostly it is where it was. */
function indexOf(rows: readonly ListRow[], { key, index }: Anchor): number {
  return rows[index]?.key === key ? index : rows.findIndex((row) => row.key === key);
}
