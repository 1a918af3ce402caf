import type { ConnectionRow, InspectorSnapshot, TracedFrame, Trouble } from "@hutong/chat-api";

export function connection(id: string, part: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    id,
    socketId: null,
    transport: "websocket",
    wireProtocol: "phoenix-2",
    state: "open",
    ageMs: 0,
    framesIn: 0,
    framesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    queuedBytes: 0,
    topics: [],
    channelCount: 0,
    ...part,
  };
}

/** The node at a moment; its totals follow from its rows unless they are given. */
export function snapshot(atMs: number, part: Partial<InspectorSnapshot> = {}): InspectorSnapshot {
  const connections = part.connections ?? [];
  const totals = {
    connections: connections.length,
    channels: 0,
    topics: 0,
    queuedBytes: 0,
    messages: 0,
    deliveries: 0,
  };
  return {
    nodeId: "n1",
    atMs,
    state: "running",
    totals,
    lagMs: [],
    maxQueuedBytes: 1_048_576,
    matchCount: connections.length,
    connections,
    topics: [],
    troubles: [],
    ...part,
  };
}

export function frame(number: number, part: Partial<TracedFrame> = {}): TracedFrame {
  return {
    number,
    offsetMs: number * 10,
    direction: "in",
    kind: "push",
    topic: "room:1",
    event: "new_msg",
    size: 40,
    payload: "{}",
    ...part,
  };
}

export function trouble(id: number, part: Partial<Trouble> = {}): Trouble {
  return {
    id,
    atMs: id,
    kind: "join_refused",
    weight: "refused",
    place: "room:1",
    reason: "unauthorized",
    connectionId: "n1-1",
    ...part,
  };
}
