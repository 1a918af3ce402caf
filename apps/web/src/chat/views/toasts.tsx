import type { JSX } from "preact";

import { Icon } from "../../views/icons.tsx";
import type { PageProps } from "./props.ts";

/** What the page says in passing. */
export function Toasts({ page }: PageProps): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {page.notices.toasts.value.map(({ id, text, action }) => (
        <div key={id} class="toast">
          <span>{text}</span>
          {action !== undefined && (
            <button
              type="button"
              class="text-button"
              onClick={() => {
                action.run();
                page.notices.dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label={page.words.value.close}
            onClick={() => page.notices.dismiss(id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
