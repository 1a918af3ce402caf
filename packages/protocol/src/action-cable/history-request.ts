import { isCount, isJsonObject } from "../json.ts";
import { readPosition, type RecoverRequest, type TopicOffset } from "../stream-position.ts";

const MALFORMED: RecoverRequest = { kind: "malformed" };

/** Reads the `history` of a command; `undefined` when it asks for nothing. What cannot be read is `malformed`. */
export function readHistoryRequest(history: unknown): RecoverRequest | undefined {
  if (history === undefined || history === null) return undefined;
  if (!isJsonObject(history)) return MALFORMED;
  const { since, streams } = history;
  const offsets = readOffsets(streams);
  const sinceMs = readSince(since);
  if (offsets === undefined) return MALFORMED;
  if (offsets.length === 0 && sinceMs === undefined) return undefined;
  return { kind: "offsets", offsets, ...(sinceMs !== undefined && { sinceMs }) };
}

function readOffsets(streams: unknown): readonly TopicOffset[] | undefined {
  if (streams === undefined || streams === null) return [];
  if (!isJsonObject(streams)) return undefined;
  const offsets: TopicOffset[] = [];
  for (const [topic, value] of Object.entries(streams)) {
    const position = isJsonObject(value) ? readPosition([value["epoch"], value["offset"], ""]) : undefined;
    if (position === undefined) return undefined;
    offsets.push({ topic, epoch: position.epoch, offset: position.offset });
  }
  return offsets;
}

// Clients that want no history by time send `false` or leave it out.
function readSince(since: unknown): number | undefined {
  return isCount(since) && since > 0 ? since * 1000 : undefined;
}
