import type { JSX } from "preact";

import { Dialog } from "./dialog.tsx";
import type { PageProps } from "./props.ts";

/** What the page has to know before it goes on. Where yes destroys something, Enter alone does not say it. */
export function ConfirmDialog({ page }: PageProps): JSX.Element | null {
  const question = page.notices.question.value;
  if (question === undefined) return null;
  return (
    <Dialog page={page} title={question.title} onClose={() => question.answer(false)}>
      <p>{question.text}</p>
      <div class="dialog-buttons">
        <button type="button" class="button" autoFocus={question.isGrave} onClick={() => question.answer(false)}>
          {page.words.value.cancel}
        </button>
        <button
          type="button"
          class="button primary"
          autoFocus={!question.isGrave}
          onClick={() => question.answer(true)}
        >
          {question.yes}
        </button>
      </div>
    </Dialog>
  );
}
