import type { InspectorSnapshot } from "@hutong/chat-api";
import type { Inspector } from "../inspector.ts";
import type { Recording } from "../recording.ts";

/** What every view of the inspector is given. */
export interface InspectorProps {
  readonly inspector: Inspector;
}

/** What views of the node are given. */
export interface SnapshotProps extends InspectorProps {
  readonly snapshot: InspectorSnapshot;
}

/** What views of one connection's frames are given. */
export interface RecordingProps extends InspectorProps {
  readonly recording: Recording;
}
