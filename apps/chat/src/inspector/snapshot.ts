import type { ConnectionRow, InspectorSnapshot, TopicRow } from "@hutong/chat-api";
import { type ConnectionReport, DEFAULT_CONNECTION_LIMITS, type Server } from "@hutong/server";
import type { EventLoopLag } from "../operations/event-loop-lag.ts";
import type { Activity } from "./activity.ts";

/** Connections of one snapshot; a search reaches those beyond. */
const MAX_CONNECTIONS = 2_000;
/** Topics of one snapshot. */
const MAX_TOPICS = 200;
/** Topics that are named per connection. */
const MAX_NAMED_TOPICS = 10;

/** What a snapshot is taken of. */
export interface SnapshotSource {
  readonly server: Server;
  readonly activity: Activity;
  readonly lag: EventLoopLag;
}

/** Looks at the node. `search` keeps the connections that have the text in an id, a topic, the transport or the protocol. */
export function takeSnapshot({ server, activity, lag }: SnapshotSource, search: string): InspectorSnapshot {
  const members = new Map<string, number>();
  const connections: ConnectionRow[] = [];
  let [matchCount, queuedBytes, channels] = [0, 0, 0];
  for (const report of server.connections()) {
    queuedBytes += report.bufferedAmount;
    channels += report.topics.length;
    for (const topic of report.topics) members.set(topic, (members.get(topic) ?? 0) + 1);
    if (!matches(report, search)) continue;
    matchCount++;
    if (connections.length < MAX_CONNECTIONS) connections.push(toRow(report));
  }
  const { connections: count, topics } = server.stats();
  const { messageCount: messages, deliveryCount: deliveries } = activity;
  return {
    nodeId: server.nodeId,
    atMs: server.clock.now(),
    state: server.state,
    totals: { connections: count, channels, topics, queuedBytes, messages, deliveries },
    lagMs: lag.samples,
    maxQueuedBytes: DEFAULT_CONNECTION_LIMITS.maxQueuedBytes,
    matchCount,
    connections,
    topics: toTopicRows(members, activity),
    troubles: activity.troubles,
  };
}

function matches({ id, socketId, transport, wireProtocol, topics }: ConnectionReport, search: string): boolean {
  if (search === "") return true;
  const text = search.toLowerCase();
  return [id, socketId ?? "", transport, wireProtocol, ...topics].some((field) => field.toLowerCase().includes(text));
}

function toRow({ traffic, bufferedAmount, topics, socketId, ...report }: ConnectionReport): ConnectionRow {
  return {
    ...report,
    ...traffic,
    socketId: socketId ?? null,
    queuedBytes: bufferedAmount,
    topics: topics.slice(0, MAX_NAMED_TOPICS),
    channelCount: topics.length,
  };
}

function toTopicRows(members: ReadonlyMap<string, number>, activity: Activity): readonly TopicRow[] {
  return [...members]
    .toSorted(([aTopic, a], [bTopic, b]) => b - a || (aTopic < bTopic ? -1 : 1))
    .slice(0, MAX_TOPICS)
    .map(([topic, memberCount]) => ({ topic, memberCount, broadcastCount: activity.broadcastsOf(topic) }));
}
