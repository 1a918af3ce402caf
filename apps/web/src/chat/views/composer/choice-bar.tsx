import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import type { DeskProps } from "../props.ts";
import { deleteForMe } from "../message/message-actions.ts";

/** What can be done with several messages at once. */
export function ChoiceBar(props: DeskProps): JSX.Element {
  const { page, entry, desk } = props;
  const words = page.words.value;
  const seqs = [...(desk.chosen.value ?? [])].sort((left, right) => left - right);
  const messages = seqs.map((seq) => entry.log.get(seq)).filter((message) => message !== undefined);
  const end = (): void => {
    desk.chosen.value = undefined;
  };
  useEffect(() => {
    document.querySelector<HTMLElement>('.choice[aria-checked="true"]')?.focus();
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      end();
    };
    // Before the page hears of it, which would close what stands beside the conversation.
    addEventListener("keydown", press, { capture: true });
    return () => removeEventListener("keydown", press, { capture: true });
  }, [desk]);
  return (
    <div class="choice-bar">
      <p>{words.chosen(seqs.length)}</p>
      <button
        type="button"
        class="button quiet"
        disabled={seqs.length === 0 || seqs.length > 50}
        onClick={() => {
          desk.forwarded.value = messages;
          end();
        }}
      >
        <Icon name="forward" />
        {words.forward}
      </button>
      <button
        type="button"
        class="button quiet"
        disabled={seqs.length === 0}
        onClick={() => {
          deleteForMe(props, seqs);
          end();
        }}
      >
        <Icon name="trash" />
        {words.deleteForMe}
      </button>
      <button type="button" class="button quiet" onClick={end}>
        {words.cancel}
      </button>
    </div>
  );
}
