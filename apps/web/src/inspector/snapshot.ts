/** One connection; counts run from its opening. */
export interface ConnectionRow {
  readonly id: string;
  readonly socketId: string | null;
  readonly transport: string;
  readonly wireProtocol: string;
  readonly state: "opening" | "open" | "closing" | "closed";
  readonly ageMs: number;
  readonly framesIn: number;
  readonly framesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queuedBytes: number;
  /** The first ten of its topics. */
  readonly topics: readonly string[];
  readonly channelCount: number;
}

/** One topic of the node. */
export interface TopicRow {
  readonly topic: string;
  readonly memberCount: number;
  /** Counted since it was first heard of. */
  readonly broadcastCount: number;
}

/** Something that was refused, or failed. */
export interface Trouble {
  readonly id: number;
  readonly atMs: number;
  readonly kind: string;
  readonly weight: "refused" | "failed";
  readonly place: string;
  readonly reason: string;
  readonly connectionId: string | null;
}

/** The node at one moment. */
export interface Snapshot {
  readonly nodeId: string;
  readonly atMs: number;
  readonly state: "idle" | "running" | "draining" | "closed";
  readonly totals: {
    readonly connections: number;
    readonly channels: number;
    readonly topics: number;
    readonly queuedBytes: number;
    /** Counted from the node's start. */
    readonly messages: number;
    /** Counted from the node's start. */
    readonly deliveries: number;
  };
  /** The worst delay of each of the last 60 seconds, the oldest first. */
  readonly lagMs: readonly number[];
  readonly maxQueuedBytes: number;
  /** Connections that match the search; the rows may be fewer. */
  readonly matchCount: number;
  readonly connections: readonly ConnectionRow[];
  readonly topics: readonly TopicRow[];
  /** The newest first. */
  readonly troubles: readonly Trouble[];
}

/** One frame of a traced connection. */
export interface TracedFrame {
  readonly number: number;
  readonly offsetMs: number;
  readonly direction: "in" | "out";
  readonly kind: string;
  readonly topic: string;
  readonly event: string;
  readonly size: number;
  readonly payload: string;
}

/** The three client families of the chat, by their marks. */
export type ClientMark = "hutong" | "phoenix" | "action_cable";

/** Whether a frame says no, or breaks something. */
export function isTrouble({ kind, event }: TracedFrame): boolean {
  return ["refused", "crashed", "unreadable", "disconnect"].includes(kind) || (kind === "reply" && event === "error");
}

/** A lane's name for people: Action Cable's identifiers are JSON, of which the channel's name comes first. */
export function laneLabel(topic: string): string {
  if (!topic.startsWith("{")) return topic;
  try {
    const identifier: unknown = JSON.parse(topic);
    const { channel, ...params } = Object.fromEntries(Object.entries(identifier ?? {}).map(([k, v]) => [k, String(v)]));
    return [channel ?? "", ...Object.entries(params).map(([name, value]) => `${name}:${value}`)].join(" ");
  } catch {
    return topic; // a topic that merely begins with a brace
  }
}

/** Which mark a wire protocol goes by. */
export function markOf(wireProtocol: string): ClientMark {
  if (wireProtocol.startsWith("actioncable")) return "action_cable";
  return wireProtocol.includes("hutong") ? "hutong" : "phoenix";
}
