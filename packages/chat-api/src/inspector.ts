// What the server tells the inspector's page. It is the page's alone and may change with any release.

/** One connection in an {@link InspectorSnapshot}. Counts run from its opening. */
export interface ConnectionRow {
  /** Names it in traces and in the log. */
  readonly id: string;
  /** What `connect` called it; `null` where it did not. */
  readonly socketId: string | null;
  /** `websocket` or `longpoll`. */
  readonly transport: string;
  /** Its grammar and version, such as `phoenix-2`. */
  readonly wireProtocol: string;
  /** `closing` from the close of one side to that of the other. */
  readonly state: "opening" | "open" | "closing" | "closed";
  /** Time since its opening. */
  readonly ageMs: number;
  /** Frames that came from the client. */
  readonly framesIn: number;
  /** Frames that went to the client. */
  readonly framesOut: number;
  /** Bytes of the frames that came. */
  readonly bytesIn: number;
  /** Bytes of the frames that went. */
  readonly bytesOut: number;
  /** Bytes that wait for the client. */
  readonly queuedBytes: number;
  /** The first ten of its topics. */
  readonly topics: readonly string[];
  /** All that it has joined. */
  readonly channelCount: number;
}

/** One topic in an {@link InspectorSnapshot}. */
export interface TopicRow {
  /** As channels join it. */
  readonly topic: string;
  /** Channels of this node on it. */
  readonly memberCount: number;
  /** Broadcasts since it was first heard of. */
  readonly broadcastCount: number;
}

/** Something that went wrong, or was refused. */
export interface Trouble {
  /** Counts up from 1. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The kind of the event that reported it. */
  readonly kind: string;
  /** `"refused"` is the server doing its work, `"failed"` is something to look into. */
  readonly weight: "refused" | "failed";
  /** Where it happened: a path, a topic or an event; empty when that is not known. */
  readonly place: string;
  /** Why, in the server's words. */
  readonly reason: string;
  /** The connection that it happened to, `null` when it never opened. */
  readonly connectionId: string | null;
}

/** The node at one moment. */
export interface InspectorSnapshot {
  /** Made anew at each start. */
  readonly nodeId: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** `draining` from the signal to end to the last connection's close. */
  readonly state: "idle" | "running" | "draining" | "closed";
  /** What is there now, and what has been. */
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
  /** The worst delay of the event loop in each of the last 60 seconds, in milliseconds, the oldest first. */
  readonly lagMs: readonly number[];
  /** Bytes that may wait for a client before its connection is closed. */
  readonly maxQueuedBytes: number;
  /** Connections that match the search; the rows may be fewer. */
  readonly matchCount: number;
  /** The oldest first. */
  readonly connections: readonly ConnectionRow[];
  /** The topics with most members first. */
  readonly topics: readonly TopicRow[];
  /** The newest first. */
  readonly troubles: readonly Trouble[];
}

/** One frame of a traced connection. */
export interface TracedFrame {
  /** Counts up from 1. Numbers that are missing belong to frames that made room. */
  readonly number: number;
  /** Time since the trace began. */
  readonly offsetMs: number;
  /** `in` comes from the client. */
  readonly direction: "in" | "out";
  /** `join`, `push`, `reply` and the like; `unreadable` for what follows no grammar. */
  readonly kind: string;
  /** What the lane is called: a topic, or what stands for it; empty for frames about the connection. */
  readonly topic: string;
  /** Empty where the frame has none. */
  readonly event: string;
  /** Length of the frame: a character of text counts as one byte. */
  readonly size: number;
  /** The payload as JSON with its secrets masked, cut at 2,000 characters; empty where there is none. */
  readonly payload: string;
}

/** Why the server ended a trace. */
export type TraceEnd = "time" | "closed" | "left";
