import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Face } from "../face.tsx";
import type { ChatProps } from "../props.ts";
import type { MentionCompletion } from "./use-mentions.ts";

/** The id of the list, for the field that it completes. */
export const MENTIONS_ID = "mentions";

/** The id of one name of the list, by its place. */
export function mentionId(index: number): string {
  return `${MENTIONS_ID}-${index}`;
}

/** The names that fit after an "@". */
export function MentionList({
  page,
  completion,
}: ChatProps & { readonly completion: MentionCompletion }): JSX.Element | null {
  const { matches, active, pick } = completion;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.children[active]?.scrollIntoView({ block: "nearest" }), [active]);
  if (matches.length === 0) return null;
  return (
    <ul ref={list} id={MENTIONS_ID} class="mentions" role="listbox" aria-label={page.words.value.mention}>
      {matches.map((person, index) => (
        <li
          key={person.userId}
          id={mentionId(index)}
          class="mention-item"
          role="option"
          aria-selected={index === active}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => pick(person)}
        >
          <Face name={person.name} picture={person.picture} size="small" />
          {person.name}
        </li>
      ))}
    </ul>
  );
}
