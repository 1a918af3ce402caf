import type { TargetedMouseEvent, TargetedPointerEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Clock } from "../../clock.ts";

/** How long a finger has to rest, in milliseconds: longer than browsers take that report it themselves. */
const LONG_PRESS_MS = 600;
/** How far it may slip, in pixels. */
const MAX_SLIP = 10;

/** Where the menu of an element is open, and what opens it there. */
export interface MenuPlace {
  /** `undefined` while it is closed. */
  readonly at: DOMPoint | undefined;
  /** Opens it, or closes it with `undefined`. */
  readonly set: (at: DOMPoint | undefined) => void;
  /** For the element: the secondary button, the menu key, and a long press, of which Safari on phones says nothing. */
  readonly handlers: {
    readonly onContextMenu: (event: TargetedMouseEvent<HTMLElement>) => void;
    readonly onPointerDown: (event: TargetedPointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: TargetedPointerEvent<HTMLElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
    readonly onClickCapture: (event: Event) => void;
  };
}

/** A menu that opens where an element is pressed. With the Shift key the browser's own one stays. */
export function useMenuPlace(clock: Clock): MenuPlace {
  const [at, setAt] = useState<DOMPoint | undefined>(undefined);
  const press = useRef<{ readonly from: DOMPoint; readonly stop: () => void } | undefined>(undefined);
  const isHeld = useRef(false);
  const end = (): void => {
    press.current?.stop();
    press.current = undefined;
  };
  useEffect(() => end, []);
  const set = (next: DOMPoint | undefined): void => {
    isHeld.current = false;
    setAt(next);
  };
  const begin = ({ clientX, clientY, pointerType }: PointerEvent): void => {
    if (pointerType !== "touch") return;
    end();
    const from = new DOMPoint(clientX, clientY);
    const stop = clock.after(LONG_PRESS_MS, () => {
      set(from);
      isHeld.current = true;
    });
    press.current = { from, stop };
  };
  const handlers: MenuPlace["handlers"] = {
    onContextMenu: (event) => {
      if (event.shiftKey) return;
      event.preventDefault();
      end();
      set(new DOMPoint(event.clientX, event.clientY));
    },
    onPointerDown: begin,
    onPointerMove: ({ clientX, clientY }) => {
      const from = press.current?.from;
      if (from !== undefined && Math.hypot(clientX - from.x, clientY - from.y) > MAX_SLIP) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onClickCapture: (event) => {
      if (!isHeld.current) return;
      // The finger that has opened the menu presses nothing as it goes.
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return { at, set, handlers };
}
