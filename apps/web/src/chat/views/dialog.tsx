import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Icon } from "../../views/icons.tsx";
import type { PageProps } from "./props.ts";
import { Toasts } from "./toasts.tsx";
import { useBorrowedFocus } from "./use-borrowed-focus.ts";

/** Props of {@link Dialog}. */
export interface DialogProps extends PageProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
}

/** A sheet over the page. Escape and a press beside it close it; the focus stays inside, and goes back where it was. */
export function Dialog({ page, title, children, onClose }: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  useBorrowedFocus(element);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <header class="dialog-top">
        <h2>{title}</h2>
        <button type="button" class="icon-button" aria-label={page.words.value.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
      {/* Those of the page lie behind it, where they are not seen, not said and not pressed. */}
      <Toasts page={page} />
    </dialog>
  );
}
