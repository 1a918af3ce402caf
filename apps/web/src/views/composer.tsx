import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Words } from "../i18n.ts";
import { checkDraft, isSendKey } from "../state/draft.ts";
import { Icon } from "./icons.tsx";
import type { PageProps } from "./page-props.ts";

/** Where messages are written. */
export function Composer({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  const { field, draft, setDraft, check, send } = useDraft(page);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isSendKey(event)) send(event);
  };
  return (
    <form class="composer" onSubmit={send}>
      <div class="composer-row">
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          aria-label={words.message}
          aria-describedby="composer-hint"
          aria-invalid={(check.remaining ?? 0) < 0}
          enterkeyhint="send"
          placeholder={words.messagePlaceholder(page.roomTitle.value)}
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="send" aria-label={words.send} title={words.send} disabled={!check.canSend}>
          <Icon name="send" />
        </button>
      </div>
      <ComposerFoot words={words} remaining={check.remaining} />
    </form>
  );
}

function ComposerFoot({
  words,
  remaining,
}: {
  readonly words: Words;
  readonly remaining: number | undefined;
}): JSX.Element {
  return (
    <p class="composer-foot">
      <span id="composer-hint" class="composer-hint">
        {words.composerHint}
      </span>
      {remaining !== undefined && (
        <span class="counter" data-over={remaining < 0}>
          {words.remaining(remaining)}
        </span>
      )}
    </p>
  );
}

/** The draft, its check, and the way to send it. */
function useDraft(page: PageProps["page"]) {
  const [draft, setDraft] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const check = checkDraft(draft);
  useGrowth(field, draft);
  useEffect(() => {
    // Of three frames the last one would take the focus; on a touch screen the keyboard would jump up.
    if (page.address.value.view === "page" && matchMedia("(hover: hover)").matches) field.current?.focus();
  }, []);
  const send = (event: Event): void => {
    event.preventDefault();
    if (!check.canSend) return;
    page.room.send(check.body);
    setDraft("");
    field.current?.focus();
  };
  return { field, draft, setDraft, check, send };
}

/** Lets the field grow with its text; its style sheet says how far. */
function useGrowth(field: { readonly current: HTMLTextAreaElement | null }, draft: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, draft]);
}
