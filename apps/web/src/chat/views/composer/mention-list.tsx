import type { JSX } from "preact";

import { Face } from "../face.tsx";
import type { ChatProps } from "../props.ts";
import type { MentionCompletion } from "./use-mentions.ts";

/** The names that fit after an "@". */
export function MentionList({
  page,
  completion,
}: ChatProps & { readonly completion: MentionCompletion }): JSX.Element | null {
  const { matches, active, pick } = completion;
  if (matches.length === 0) return null;
  return (
    <ul class="mentions" role="listbox" aria-label={page.words.value.mention}>
      {matches.map((person, index) => (
        <li key={person.userId} role="option" aria-selected={index === active}>
          <button
            type="button"
            class="mention-item"
            tabIndex={-1}
            // The field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(person)}
          >
            <Face name={person.name} picture={person.picture} size="small" />
            {person.name}
          </button>
        </li>
      ))}
    </ul>
  );
}
