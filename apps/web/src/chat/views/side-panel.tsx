import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";

import { Icon } from "../../views/icons.tsx";
import type { PageProps } from "./props.ts";
import { useBorrowedFocus } from "./use-borrowed-focus.ts";

/** Props of {@link SidePanel}. */
export interface SidePanelProps extends PageProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** What stands beside a conversation; on a narrow screen, over it. */
export function SidePanel({ page, title, children }: SidePanelProps): JSX.Element {
  const element = useRef<HTMLElement>(null);
  useBorrowedFocus(element);
  return (
    <aside ref={element} class="side" aria-label={title}>
      <header class="side-top">
        <h2>{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={page.words.value.close}
          onClick={() => page.place.goTo({ panel: undefined })}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="side-scroll">{children}</div>
    </aside>
  );
}
