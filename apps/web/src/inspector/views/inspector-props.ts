import type { Inspector } from "../inspector.ts";
import type { Recording } from "../recording.ts";
import type { Snapshot } from "../snapshot.ts";

/** What every view of the inspector is given. */
export interface InspectorProps {
  readonly inspector: Inspector;
}

/** What views of the node are given. */
export interface SnapshotProps extends InspectorProps {
  readonly snapshot: Snapshot;
}

/** What views of one connection's frames are given. */
export interface RecordingProps extends InspectorProps {
  readonly recording: Recording;
}
