import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * For two parts of which a narrow screen shows only one: when the part that has the focus goes out of sight, `place`, which holds
 * the other one, takes it; when that one closes, the focus goes back where it was.
 */
export function useTurns(isOpen: boolean, place: RefObject<HTMLElement | null>): void {
  const before = useRef<HTMLElement | undefined>(undefined);
  useLayoutEffect(() => {
    const now = document.activeElement;
    if (isOpen) {
      // Of what comes with its code later there is nothing yet that could take the focus.
      if (!(now instanceof HTMLElement) || now.checkVisibility()) return;
      before.current = now;
      place.current?.focus();
    } else {
      if (now === document.body || now === place.current) before.current?.focus();
      before.current = undefined;
    }
  }, [isOpen]);
}
