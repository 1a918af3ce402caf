import type { JSX } from "preact";

import { Segments } from "../../views/segments.tsx";
import type { TraceEnd } from "../api.ts";
import type { FrameFilter } from "../recording.ts";
import { markOf } from "../frames.ts";
import type { InspectorWords } from "../words.ts";
import { FrameList } from "./frame-list.tsx";
import type { RecordingProps } from "./inspector-props.ts";
import { Lanes } from "./lanes.tsx";
import { saveFrames } from "./save-frames.ts";

/** One connection: who it is, its lanes, and its frames one by one. */
export function RecordingPage({ inspector, recording }: RecordingProps): JSX.Element {
  const words = inspector.words.value;
  return (
    <main class="recording">
      <RecordingHead inspector={inspector} recording={recording} />
      <Lanes inspector={inspector} recording={recording} />
      <section class="frames" aria-label={words.frames}>
        <FrameTools inspector={inspector} recording={recording} />
        <FrameList inspector={inspector} recording={recording} />
        <p class="hint list-note">{words.hiddenNote}</p>
      </section>
    </main>
  );
}

function RecordingHead({ inspector, recording }: RecordingProps): JSX.Element {
  const [words, figures] = [inspector.words.value, inspector.figures.value];
  const row = inspector.snapshot.value?.connections.find(({ id }) => id === recording.connectionId);
  const end = recording.end.value;
  return (
    <header class="recording-head">
      <a class="button small" href="#">
        {words.back}
      </a>
      <h2>
        <code>{recording.connectionId}</code>
      </h2>
      {row !== undefined && (
        <p class="row-kind">
          <span class="badge" data-client={markOf(row.wireProtocol)}>
            {row.wireProtocol}
          </span>
          <span class="row-transport">{row.transport}</span>
          <span class="row-transport">
            {words.age} {figures.duration(row.ageMs)}
          </span>
          <span class="row-transport">
            {words.queue} {figures.bytes(row.queuedBytes)}
          </span>
        </p>
      )}
      <RecordingState inspector={inspector} recording={recording} />
      {end !== undefined && (
        <button type="button" class="button small" onClick={() => inspector.recordAgain()}>
          {words.again}
        </button>
      )}
    </header>
  );
}

function RecordingState({ inspector, recording }: RecordingProps): JSX.Element {
  const words = inspector.words.value;
  const end = recording.end.value;
  const isOpen = recording.isOpen.value;
  const state = end !== undefined ? "closed" : isOpen ? "live" : "reconnecting";
  return (
    <span class="status recording-state" role="status" data-state={state}>
      <span class="status-dot" />
      {end !== undefined ? endText(end, words) : isOpen ? words.tracing : words.opening}
    </span>
  );
}

function FrameTools({ inspector, recording }: RecordingProps): JSX.Element {
  const words = inspector.words.value;
  const { filter, isPaused } = recording;
  const change = (part: Partial<FrameFilter>): void => {
    filter.value = { ...filter.value, ...part };
  };
  return (
    <div class="list-top">
      <h2>
        {words.frames} <span class="count">{inspector.figures.value.count(recording.passing.value.length)}</span>
      </h2>
      <input
        class="input filter-text"
        type="search"
        aria-label={words.filterFrames}
        placeholder={words.filterFrames}
        value={filter.value.text}
        onInput={(event) => change({ text: event.currentTarget.value })}
      />
      <Segments
        label={words.frames}
        segments={[
          { value: "both", label: words.bothDirections },
          { value: "in", label: words.fromClient },
          { value: "out", label: words.fromServer },
        ]}
        value={filter.value.direction}
        onChange={(direction) => change({ direction })}
      />
      <div class="frame-buttons">
        <button type="button" class="button small" onClick={() => (isPaused.value = !isPaused.value)}>
          {isPaused.value ? words.resume : words.pause}
        </button>
        <button type="button" class="button small" onClick={() => recording.clear()}>
          {words.clear}
        </button>
        <button type="button" class="button small" onClick={() => saveFrames(recording)}>
          {words.exportLines}
        </button>
      </div>
    </div>
  );
}

function endText(end: TraceEnd, words: InspectorWords): string {
  const texts = {
    time: words.endTime,
    closed: words.endClosed,
    left: words.endLeft,
    gone: words.endGone,
    lost: words.endLost,
  };
  return texts[end];
}
