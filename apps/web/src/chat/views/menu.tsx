import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon, type IconName } from "../../views/icons.tsx";
import { moveFocus } from "./move-focus.ts";
import { useBorrowedFocus } from "./use-borrowed-focus.ts";

/** One choice of a {@link Menu}. */
export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  /** Whether it destroys something. */
  readonly isGrave?: boolean;
  readonly run: () => void;
}

/** Props of {@link Menu}. */
export interface MenuProps {
  /** Where it opens, in the window. */
  readonly at: DOMPoint;
  /** The accessible name. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

/** A menu over the page; arrow keys choose, Escape or a press elsewhere closes. The focus goes back where it was. */
export function Menu({ at, label, items, onClose }: MenuProps): JSX.Element {
  const veil = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: at.x, top: at.y });
  useLayoutEffect(() => {
    // In the top layer nothing cuts it off, and the window is what it is placed in, whatever it was opened in.
    veil.current?.showPopover();
    const box = element.current?.getBoundingClientRect();
    if (box === undefined) return;
    setPlace({
      left: Math.max(8, Math.min(at.x, innerWidth - box.width - 8)),
      top: Math.max(8, at.y + box.height > innerHeight - 8 ? at.y - box.height : at.y),
    });
  }, []);
  useBorrowedFocus(element);
  useEffect(() => element.current?.querySelector("button")?.focus(), []);
  return (
    <div
      ref={veil}
      class="menu-veil"
      popover="manual"
      onPointerDown={(event) => event.target === event.currentTarget && onClose()}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape" || event.key === "Tab") onClose();
        moveFocus(event, ".menu-item");
      }}
    >
      <div
        ref={element}
        class="menu"
        role="menu"
        aria-label={label}
        style={{ left: `${place.left}px`, top: `${place.top}px` }}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            class="menu-item"
            role="menuitem"
            data-grave={item.isGrave ?? false}
            onClick={() => {
              onClose();
              item.run();
            }}
          >
            <Icon name={item.icon} />
            {item.label}
          </button>
        ))}
      </div>
    </div>
  );
}
