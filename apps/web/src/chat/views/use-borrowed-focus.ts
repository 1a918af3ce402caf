import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/**
 * For what opens over or beside the page: the focus goes to the part with `autofocus`, and when the element goes, back where it
 * was, unless it has wandered on. Browsers do neither for elements that come and go with a script.
 */
export function useBorrowedFocus(borrower: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = borrower.current;
    const before = document.activeElement;
    element?.querySelector<HTMLElement>("[autofocus]")?.focus();
    return () => {
      const now = document.activeElement;
      const isHere = now === document.body || element?.contains(now) === true;
      if (isHere && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}
