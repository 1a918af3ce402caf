import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { EMPTY_VIEW, ListController, type ListRow, type ListView } from "./list-controller.ts";

/** A window on a list. */
export interface ListWindow
  extends ListView, Pick<ListController, "scroller" | "window" | "onScroll" | "goToEnd" | "goTo"> {
  /** Height of the rows before the first. */
  readonly offset: number;
}

/** Shows a long list through a small window of elements; `estimate` gives the height of a row that was never shown. */
export function useListWindow<TRow extends ListRow>(
  rows: readonly TRow[],
  estimate: (row: TRow) => number,
): ListWindow {
  const [view, setView] = useState(EMPTY_VIEW);
  const controller = useMemo(
    () => new ListController((next) => setView((before) => (isSame(before, next) ? before : next))),
    [],
  );
  controller.setRows(rows, estimate);
  const first = Math.min(view.first, Math.max(0, rows.length - 1));
  const shownFrom = useRef(first);
  useLayoutEffect(() => {
    shownFrom.current = first;
    controller.measure(first);
  }, [rows, first, view.last]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => controller.measure(shownFrom.current));
    for (const { current } of [controller.scroller, controller.window]) if (current !== null) observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const { scroller, window, heights, onScroll, goToEnd, goTo } = controller;
  return {
    ...view,
    first,
    last: Math.min(view.last, rows.length - 1),
    total: heights.total,
    offset: heights.offsetOf(first),
    scroller,
    window,
    onScroll,
    goToEnd,
    goTo,
  };
}

function isSame(one: ListView, other: ListView): boolean {
  return (
    one.first === other.first &&
    one.last === other.last &&
    one.lastVisible === other.lastVisible &&
    one.total === other.total &&
    one.isAtEnd === other.isAtEnd
  );
}
