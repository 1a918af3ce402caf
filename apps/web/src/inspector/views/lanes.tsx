import type { TracedFrame } from "@hutong/chat-api";
import type { JSX } from "preact";

import { lanesOf, WINDOW_MS } from "../recording.ts";
import { isTrouble, laneLabel } from "../frames.ts";
import type { RecordingProps } from "./inspector-props.ts";

/** Lanes that are drawn. */
const MAX_LANES = 20;
/** Height of a lane's drawing, half of it for each direction. */
const HEIGHT = 44;
const MIDDLE = HEIGHT / 2;
/** Seconds that have a mark on the axis. */
const AXIS_SECONDS = [30, 25, 20, 15, 10, 5];

/**
 * The last half minute, one lane per channel: what the client says stands above the middle of its lane, what the
 * server says hangs below it, and the larger a frame the longer its stroke. For the eye; the list has the words.
 */
export function Lanes({ inspector, recording }: RecordingProps): JSX.Element {
  const words = inspector.words.value;
  const nowMs = recording.nowMs.value;
  const frames = recording.passing.value;
  const lanes = lanesOf(frames);
  return (
    <section class="lanes" aria-label={words.lanes}>
      {lanes.slice(0, MAX_LANES).map((topic) => (
        <div key={topic} class="lane-row">
          <span class="lane-name" data-link={topic === "" ? "on" : undefined} title={topic}>
            {topic === "" ? words.theLink : laneLabel(topic)}
          </span>
          <svg
            class="lane-drawing"
            viewBox={`0 0 ${WINDOW_MS} ${HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {AXIS_SECONDS.map((seconds) => (
              <path key={seconds} class="lane-grid" d={`M${WINDOW_MS - seconds * 1_000} 0V${HEIGHT}`} />
            ))}
            <path class="lane-middle" d={`M0 ${MIDDLE}H${WINDOW_MS}`} />
            <g transform={`translate(${WINDOW_MS - nowMs} 0)`}>
              {frames
                .filter((frame) => frame.topic === topic && frame.offsetMs >= nowMs - WINDOW_MS)
                .map((frame) => (
                  <Stroke key={frame.number} frame={frame} recording={recording} />
                ))}
            </g>
          </svg>
        </div>
      ))}
      {lanes.length > MAX_LANES && <p class="hint">{words.more(lanes.length - MAX_LANES)}</p>}
      <div class="lane-axis" aria-hidden="true">
        <span class="lane-legend">{words.legend}</span>
        {AXIS_SECONDS.map((seconds) => (
          <span key={seconds}>{words.secondsAgo(seconds)}</span>
        ))}
        <span class="lane-now">{words.now}</span>
      </div>
    </section>
  );
}

interface StrokeProps extends Pick<RecordingProps, "recording"> {
  readonly frame: TracedFrame;
}

function Stroke({ frame, recording }: StrokeProps): JSX.Element {
  const { number, offsetMs, direction, kind, event, size } = frame;
  // Sizes span four orders of magnitude; the logarithm keeps a heartbeat visible beside a page of text.
  const length = Math.min(MIDDLE - 3, 4 + Math.log2(Math.max(1, size / 16)) * 2);
  const end = direction === "in" ? MIDDLE - length : MIDDLE + length;
  const line = `M${offsetMs} ${MIDDLE}V${end}`;
  return (
    <g
      class="stroke"
      data-direction={direction}
      data-kind={kind}
      data-trouble={isTrouble(frame) ? "on" : undefined}
      data-chosen={recording.chosen.value === number ? "on" : undefined}
      onClick={() => (recording.chosen.value = number)}
    >
      <title>{[kind, event].filter(Boolean).join(" ")}</title>
      <path class="stroke-reach" d={`M${offsetMs} ${MIDDLE}V${direction === "in" ? 0 : HEIGHT}`} />
      <path class="stroke-line" d={line} />
    </g>
  );
}
