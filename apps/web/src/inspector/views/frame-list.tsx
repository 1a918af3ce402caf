import type { TracedFrame } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { isTrouble, laneLabel } from "../frames.ts";
import type { RecordingProps } from "./inspector-props.ts";

/** Frames that are drawn at first, and that are added each time. */
const PAGE_SIZE = 100;

/** The frames one by one, the newest first; the chosen one shows its whole payload. */
export function FrameList({ inspector, recording }: RecordingProps): JSX.Element {
  const [shownCount, setShownCount] = useState(PAGE_SIZE);
  const words = inspector.words.value;
  const frames = recording.passing.value;
  const moreCount = Math.min(PAGE_SIZE, frames.length - shownCount);
  if (frames.length === 0)
    return <p class="nothing hint">{recording.frames.value.length > 0 ? words.noFrameMatch : words.noFrames}</p>;
  return (
    <>
      <ol class="frame-list">
        {frames
          .slice(-shownCount)
          .toReversed()
          .map((frame) => (
            <FrameLine key={frame.number} inspector={inspector} recording={recording} frame={frame} />
          ))}
      </ol>
      {moreCount > 0 && (
        <button type="button" class="button list-more" onClick={() => setShownCount(shownCount + PAGE_SIZE)}>
          {words.showMore(moreCount)}
        </button>
      )}
    </>
  );
}

interface FrameLineProps extends RecordingProps {
  readonly frame: TracedFrame;
}

function FrameLine({ inspector, recording, frame }: FrameLineProps): JSX.Element {
  const [words, figures] = [inspector.words.value, inspector.figures.value];
  const { number, offsetMs, direction, kind, topic, event, size, payload } = frame;
  const isChosen = recording.chosen.value === number;
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) line.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    <li ref={line} class="frame-line" data-direction={direction} data-trouble={isTrouble(frame) ? "on" : undefined}>
      <button
        type="button"
        class="frame-head"
        aria-expanded={isChosen}
        onClick={() => (recording.chosen.value = isChosen ? undefined : number)}
      >
        <span class="frame-offset">{figures.offset(offsetMs)}</span>
        <span class="frame-arrow" role="img" aria-label={direction === "in" ? words.fromClient : words.fromServer}>
          {direction === "in" ? "↑" : "↓"}
        </span>
        <span class="frame-kind">{kind}</span>
        <span class="frame-event">{event.startsWith("phx_") || event === kind ? "" : event}</span>
        <span class="frame-topic" title={topic}>
          {laneLabel(topic)}
        </span>
        <span class="frame-payload">{isChosen ? "" : payload}</span>
        <span class="frame-size">{figures.bytes(size)}</span>
      </button>
      {isChosen && <pre class="frame-whole">{spread(payload)}</pre>}
    </li>
  );
}

/** The payload over several lines, as it came where it was cut. */
function spread(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), undefined, 2);
  } catch {
    return payload; // a long payload is cut, and cut JSON is none
  }
}
