import type { JSX } from "preact";

import { latest } from "../rates.ts";
import type { SnapshotProps } from "./inspector-props.ts";
import { Sparkline } from "./sparkline.tsx";

/** Topics that are drawn. */
const SHOWN_COUNT = 12;

/** The topics with most members, and how much is broadcast on them. */
export function TopicList({ inspector, snapshot }: SnapshotProps): JSX.Element {
  const [words, figures] = [inspector.words.value, inspector.figures.value];
  const { topics, totals } = snapshot;
  return (
    <section class="side-list" aria-label={words.topics}>
      <h2>
        {words.topics} <span class="count">{figures.count(totals.topics)}</span>
      </h2>
      {topics.length === 0 && <p class="hint">{words.noTopics}</p>}
      <ul>
        {topics.slice(0, SHOWN_COUNT).map(({ topic, memberCount }) => {
          const points = inspector.rates.ofTopic(topic);
          return (
            <li key={topic} class="topic-line">
              <button
                type="button"
                class="topic-name"
                title={topic}
                onClick={() => (inspector.filter.value = { ...inspector.filter.value, text: topic })}
              >
                {topic}
              </button>
              <span class="topic-members">{words.members(memberCount)}</span>
              <Sparkline points={points} />
              <span class="topic-rate">
                {figures.rate(latest(points))} {words.perSecond}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
