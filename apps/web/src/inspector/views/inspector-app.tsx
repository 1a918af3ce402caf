import type { JSX } from "preact";

import { AdminDoor } from "./admin-door.tsx";
import { ConnectionList } from "./connection-list.tsx";
import type { InspectorProps } from "./inspector-props.ts";
import { RecordingPage } from "./recording-page.tsx";
import { TopBar } from "./top-bar.tsx";
import { TopicList } from "./topic-list.tsx";
import { TotalsStrip } from "./totals-strip.tsx";
import { TroubleList } from "./trouble-list.tsx";

/** The whole inspector: the door, one connection's frames, or the node. */
export function InspectorApp({ inspector }: InspectorProps): JSX.Element {
  const access = inspector.access.value;
  const isShut = access === "token" || access === "wrong_token" || access === "not_local";
  return (
    <div class="inspector">
      <TopBar inspector={inspector} />
      {isShut ? <AdminDoor inspector={inspector} /> : <Inside inspector={inspector} />}
    </div>
  );
}

function Inside({ inspector }: InspectorProps): JSX.Element {
  const snapshot = inspector.snapshot.value;
  const recording = inspector.recording.value;
  if (recording !== undefined)
    return <RecordingPage key={recording.connectionId} inspector={inspector} recording={recording} />;
  if (snapshot === undefined) return <main class="node" aria-busy="true" />;
  return (
    <main class="node">
      <TotalsStrip inspector={inspector} snapshot={snapshot} />
      <ConnectionList inspector={inspector} snapshot={snapshot} />
      <div class="node-aside">
        <TopicList inspector={inspector} snapshot={snapshot} />
        <TroubleList inspector={inspector} snapshot={snapshot} />
      </div>
    </main>
  );
}
