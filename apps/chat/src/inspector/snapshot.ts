import { type ConnectionReport, DEFAULT_CONNECTION_LIMITS, type Server, type ServerState } from "@hutong/server";
import type { EventLoopLag } from "../operations/event-loop-lag.ts";
import type { Activity } from "./activity.ts";
import type { Trouble } from "./trouble.ts";

/** Connections of one snapshot; a search reaches those beyond. */
const MAX_CONNECTIONS = 2_000;
/** Topics of one snapshot. */
const MAX_TOPICS = 200;
/** Topics that are named per connection. */
const MAX_NAMED_TOPICS = 10;

/** One connection in a {@link Snapshot}. Counts run from its opening. */
export interface ConnectionRow {
  readonly id: string;
  readonly socketId: string | null;
  readonly transport: string;
  readonly wireProtocol: string;
  readonly state: ConnectionReport["state"];
  readonly ageMs: number;
  readonly framesIn: number;
  readonly framesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queuedBytes: number;
  /** The first of its topics. */
  readonly topics: readonly string[];
  readonly channelCount: number;
}

/** One topic in a {@link Snapshot}. */
export interface TopicRow {
  readonly topic: string;
  /** Channels of this node on it. */
  readonly memberCount: number;
  /** Broadcasts since it was first heard of. */
  readonly broadcastCount: number;
}

/** Counts of the node; those in the second half run from its start. */
export interface Totals {
  readonly connections: number;
  readonly channels: number;
  readonly topics: number;
  readonly queuedBytes: number;
  readonly messages: number;
  readonly deliveries: number;
}

/** The node at one moment. */
export interface Snapshot {
  readonly nodeId: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly state: ServerState;
  readonly totals: Totals;
  /** The worst delay of the event loop in each of the last 60 seconds, in milliseconds, the oldest first. */
  readonly lagMs: readonly number[];
  /** Bytes that may wait for a client before its connection is closed. */
  readonly maxQueuedBytes: number;
  /** Connections that match the search; the rows may be fewer. */
  readonly matchCount: number;
  readonly connections: readonly ConnectionRow[];
  /** The topics with most members first. */
  readonly topics: readonly TopicRow[];
  /** The newest first. */
  readonly troubles: readonly Trouble[];
}

/** What a snapshot is taken of. */
export interface SnapshotSource {
  readonly server: Server;
  readonly activity: Activity;
  readonly lag: EventLoopLag;
}

/** Looks at the node. `search` keeps the connections that have the text in an id, a topic, the transport or the protocol. */
export function takeSnapshot({ server, activity, lag }: SnapshotSource, search: string): Snapshot {
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
