import type { ComponentChildren, JSX } from "preact";

import type { Picked } from "./use-picked.ts";

/** Props of {@link PickLine}. */
export interface PickLineProps {
  readonly id: string;
  readonly name: string;
  readonly picked: Picked;
  /** The face before the name. */
  readonly children: ComponentChildren;
}

/** One of a list of which several can be picked. */
export function PickLine({ id, name, picked, children }: PickLineProps): JSX.Element {
  return (
    <li class="person">
      <label class="person-button">
        {children}
        <b class="person-text">{name}</b>
        <input type="checkbox" checked={picked.ids.has(id)} onChange={() => picked.toggle(id)} />
      </label>
    </li>
  );
}
