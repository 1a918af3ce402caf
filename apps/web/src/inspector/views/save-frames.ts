import { type Recording, toJsonLines } from "../recording.ts";

/** Saves the frames that pass the filter as a file with one JSON object per line. */
export function saveFrames({ connectionId, passing }: Recording): void {
  const url = URL.createObjectURL(new Blob([toJsonLines(passing.value)], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `hutong-${connectionId}.jsonl`;
  link.click();
  URL.revokeObjectURL(url);
}
