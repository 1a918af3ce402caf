import type { JSX } from "preact";

import { groupTroubles } from "../group-troubles.ts";
import { TROUBLE_NAMES } from "../words.ts";
import type { SnapshotProps } from "./inspector-props.ts";

/** Troubles that are drawn. */
const SHOWN_COUNT = 50;

/** What was refused and what failed lately, and why. */
export function TroubleList({ inspector, snapshot }: SnapshotProps): JSX.Element {
  const [words, figures] = [inspector.words.value, inspector.figures.value];
  const names = TROUBLE_NAMES[inspector.preferences.language.value];
  const { troubles } = snapshot;
  const groups = groupTroubles(troubles);
  return (
    <section class="side-list troubles" aria-label={words.troubles}>
      <h2>
        {words.troubles} <span class="count">{figures.count(troubles.length)}</span>
      </h2>
      {troubles.length === 0 && <p class="hint">{words.noTroubles}</p>}
      <ul>
        {groups
          .slice(0, SHOWN_COUNT)
          .map(({ latest: { atMs, kind, weight, place, reason, connectionId }, firstId, times }) => (
            <li key={firstId} class="trouble" data-weight={weight}>
              <span class="trouble-kind">
                {names.get(kind) ?? kind}
                {times > 1 && <span class="trouble-times">× {figures.count(times)}</span>}
              </span>
              <time class="trouble-time" dateTime={new Date(atMs).toISOString()}>
                {figures.time(atMs)}
              </time>
              <span class="trouble-reason">{reason}</span>
              <span class="trouble-place">{[place, connectionId].filter(Boolean).join(" · ")}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}
