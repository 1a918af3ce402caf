import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { arrange, EVERYTHING, type SortKey } from "../connection-filter.ts";
import { ConnectionFilters } from "./connection-filters.tsx";
import { ConnectionLine } from "./connection-line.tsx";
import type { InspectorProps, SnapshotProps } from "./inspector-props.ts";

/** Rows that are drawn at first, and that are added each time. */
const PAGE_SIZE = 100;

/** Every connection, one row each. */
export function ConnectionList({ inspector, snapshot }: SnapshotProps): JSX.Element {
  const [shownCount, setShownCount] = useState(PAGE_SIZE);
  const words = inspector.words.value;
  const filter = inspector.filter.value;
  const rows = arrange(snapshot.connections, { filter, sort: inspector.sort.value, rates: inspector.rates });
  const moreCount = Math.min(PAGE_SIZE, rows.length - shownCount);
  const beyondCount = snapshot.matchCount - snapshot.connections.length;
  if (snapshot.totals.connections === 0)
    return (
      <section class="connections" aria-label={words.connections}>
        <NoConnections inspector={inspector} />
      </section>
    );
  return (
    <section class="connections" aria-label={words.connections}>
      <ConnectionFilters inspector={inspector} shownCount={rows.length} />
      <table class="connection-table">
        <thead>
          <tr>
            <th scope="col">{words.connection}</th>
            <SortHeading inspector={inspector} sortKey="channels" label={words.channels} />
            <SortHeading inspector={inspector} sortKey="age" label={words.age} />
            <SortHeading inspector={inspector} sortKey="in" label={words.framesIn} />
            <th class="traffic-head" aria-hidden="true" />
            <SortHeading inspector={inspector} sortKey="out" label={words.framesOut} />
            <SortHeading inspector={inspector} sortKey="queue" label={words.queue} />
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shownCount).map((row) => (
            <ConnectionLine key={row.id} inspector={inspector} row={row} maxQueuedBytes={snapshot.maxQueuedBytes} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <NoMatch inspector={inspector} />}
      {moreCount > 0 && (
        <button type="button" class="button list-more" onClick={() => setShownCount(shownCount + PAGE_SIZE)}>
          {words.showMore(moreCount)}
        </button>
      )}
      {beyondCount > 0 && <p class="hint list-note">{words.beyond(beyondCount)}</p>}
    </section>
  );
}

interface SortHeadingProps extends InspectorProps {
  readonly sortKey: SortKey;
  readonly label: string;
}

function SortHeading({ inspector, sortKey, label }: SortHeadingProps): JSX.Element {
  const { key, isDescending } = inspector.sort.value;
  const isOn = key === sortKey;
  const direction = isDescending ? "descending" : "ascending";
  return (
    <th scope="col" data-column={sortKey} aria-sort={isOn ? direction : undefined}>
      <button
        type="button"
        class="sort-button"
        onClick={() => (inspector.sort.value = { key: sortKey, isDescending: isOn ? !isDescending : true })}
      >
        {label}
        <span class="sort-mark" aria-hidden="true">
          {isOn ? (isDescending ? "↓" : "↑") : ""}
        </span>
      </button>
    </th>
  );
}

function NoMatch({ inspector }: InspectorProps): JSX.Element {
  const words = inspector.words.value;
  return (
    <div class="nothing">
      <p>{words.noMatch}</p>
      <button type="button" class="button" onClick={() => (inspector.filter.value = EVERYTHING)}>
        {words.clearFilter}
      </button>
    </div>
  );
}

function NoConnections({ inspector }: InspectorProps): JSX.Element {
  const words = inspector.words.value;
  return (
    <div class="nothing">
      <p>{words.noConnections}</p>
      <p class="hint">{words.noConnectionsText}</p>
      <a class="button" href="/" target="_blank" rel="noreferrer">
        {words.openChat}
      </a>
    </div>
  );
}
