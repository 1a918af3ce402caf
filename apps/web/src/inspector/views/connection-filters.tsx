import type { ConnectionRow } from "@hutong/chat-api";
import type { JSX } from "preact";

import { CLIENT_LABELS } from "../../views/avatar.tsx";
import type { ConnectionFilter } from "../connection-filter.ts";
import type { ClientMark } from "../frames.ts";
import type { InspectorProps } from "./inspector-props.ts";

const MARKS: readonly ClientMark[] = ["hutong", "phoenix", "action_cable"];

/** Props of {@link ConnectionFilters}. */
export interface ConnectionFiltersProps extends InspectorProps {
  /** Rows that pass. */
  readonly shownCount: number;
}

/** Narrows the list of connections. */
export function ConnectionFilters({ inspector, shownCount }: ConnectionFiltersProps): JSX.Element {
  const words = inspector.words.value;
  const filter = inspector.filter.value;
  const change = (part: Partial<ConnectionFilter>): void => {
    inspector.filter.value = { ...filter, ...part };
  };
  const states: readonly ConnectionRow["state"][] = ["opening", "open", "closing"];
  const stateNames = { opening: words.opening, open: words.open, closing: words.closing, closed: words.closing };
  return (
    <div class="list-top">
      <h2>
        {words.connections} <span class="count">{words.matchCount(shownCount)}</span>
      </h2>
      <input
        class="input filter-text"
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        value={filter.text}
        onInput={(event) => change({ text: event.currentTarget.value })}
      />
      <select
        class="input filter-select"
        aria-label={words.allProtocols}
        value={filter.mark}
        onChange={(event) => change({ mark: MARKS.find((mark) => mark === event.currentTarget.value) ?? "all" })}
      >
        <option value="all">{words.allProtocols}</option>
        {MARKS.map((mark) => (
          <option key={mark} value={mark}>
            {CLIENT_LABELS[mark]}
          </option>
        ))}
      </select>
      <select
        class="input filter-select"
        aria-label={words.allStates}
        value={filter.state}
        onChange={(event) => change({ state: states.find((state) => state === event.currentTarget.value) ?? "all" })}
      >
        <option value="all">{words.allStates}</option>
        {states.map((state) => (
          <option key={state} value={state}>
            {stateNames[state]}
          </option>
        ))}
      </select>
    </div>
  );
}
