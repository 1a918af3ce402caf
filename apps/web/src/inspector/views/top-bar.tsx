import type { JSX } from "preact";

import { Mark } from "../../views/icons.tsx";
import { PreferenceSwitches } from "../../views/switches.tsx";
import type { InspectorProps } from "./inspector-props.ts";

/** Name, node and state on the left, switches on the right. */
export function TopBar({ inspector }: InspectorProps): JSX.Element {
  const words = inspector.words.value;
  const snapshot = inspector.snapshot.value;
  return (
    <header class="top-bar">
      <a class="top-brand" href="/inspector" aria-label="Hutong 胡同">
        <Mark />
        <span class="brand">
          Hutong <span lang="zh-CN">胡同</span>
        </span>
      </a>
      <h1>{words.title}</h1>
      {snapshot !== undefined && <NodeState inspector={inspector} />}
      <div class="top-end">
        {snapshot !== undefined && inspector.recording.value === undefined && (
          <button
            type="button"
            class="button small"
            onClick={() => (inspector.isPaused.value = !inspector.isPaused.value)}
          >
            {inspector.isPaused.value ? words.resume : words.pause}
          </button>
        )}
        <PreferenceSwitches preferences={inspector.preferences} words={words} />
      </div>
    </header>
  );
}

function NodeState({ inspector }: InspectorProps): JSX.Element {
  const words = inspector.words.value;
  const isLost = inspector.access.value === "lost";
  const isLeaving = inspector.snapshot.value?.state !== "running";
  const state = isLost ? "closed" : isLeaving || inspector.isPaused.value ? "reconnecting" : "live";
  const text = isLost
    ? words.lost
    : isLeaving
      ? words.draining
      : inspector.isPaused.value
        ? words.paused
        : words.running;
  return (
    <p class="node-state">
      <span class="node-id">
        {words.node} <code>{inspector.snapshot.value?.nodeId}</code>
      </span>
      <span class="status" role="status" data-state={state}>
        <span class="status-dot" />
        {text}
      </span>
    </p>
  );
}
