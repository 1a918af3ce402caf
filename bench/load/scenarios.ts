import type { ContestantId } from "./contestants.ts";

/** A figure of a run. Less is better in all that targets look at. */
export type FigureName = "cpuMicros" | "p99Ms" | "kib";

/**
 * What hutong has to reach in a scenario, against a control of the same run.
 *
 * - `times_less`: the control's figure divided by ours is at least `limit`.
 * - `times_as_much`: our figure divided by the control's is at most `limit`.
 * - `more`: our figure is at most `limit` above the control's.
 */
export interface Target {
  readonly figure: FigureName;
  readonly rule: "times_less" | "times_as_much" | "more";
  readonly control: ContestantId;
  readonly limit: number;
}

/** One load that is put on every contestant. */
export interface Scenario {
  /** For the command line. */
  readonly id: string;
  /** For tables. */
  readonly title: string;
  /** What the figures count: deliveries, their delay, replies, joins, or connections. */
  readonly unit: "delivery" | "delay" | "reply" | "join" | "connection";
  readonly connections: number;
  /** Rooms over which the connections are spread. @defaultValue 1 */
  readonly rooms?: number;
  /** Topics that each connection joins, the same for all. @defaultValue 1 */
  readonly topics?: number;
  /** Connections that publish, or ask; in a closed loop each has one message under way. @defaultValue 1 */
  readonly publishers?: number;
  /** Size of a message's body. @defaultValue 64 */
  readonly bodyBytes?: number;
  /** Connections that stop reading. @defaultValue 0 */
  readonly stalled?: number;
  /** Whether bodies travel as binary frames. @defaultValue false */
  readonly isBinary?: boolean;
  /** Whether clients offer compression, and deliveries have to be compressed. One publisher only. @defaultValue false */
  readonly isCompressed?: boolean;
  readonly contestants: readonly ContestantId[];
  /** The contestant that only shakes hands, where the others join as well. */
  readonly handshakeOnly?: ContestantId;
  readonly targets: readonly Target[];
}

const NODE_SERVERS = ["hutong", "hutong, Action Cable", "ws", "ws, batched", "socket.io"] as const;
const ALL = [...NODE_SERVERS, "C", "C, batched"] as const;

function timesLess(control: ContestantId, limit: number): Target {
  return { figure: "cpuMicros", rule: "times_less", control, limit };
}

/** Everything that is measured, in the order of the tables. */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: "room-16",
    title: "1 room × 1,000, 16 publishers",
    unit: "delivery",
    connections: 1_000,
    publishers: 16,
    contestants: ALL,
    targets: [timesLess("socket.io", 20), timesLess("ws, batched", 0.8), timesLess("C, batched", 0.6)],
  },
  {
    id: "room-128",
    title: "1 room × 1,000, 128 publishers",
    unit: "delivery",
    connections: 1_000,
    publishers: 128,
    contestants: ALL,
    targets: [timesLess("socket.io", 60), timesLess("C, batched", 0.5)],
  },
  {
    id: "room-1",
    title: "1 room × 1,000, 1 publisher",
    unit: "delivery",
    connections: 1_000,
    contestants: ALL,
    targets: [timesLess("socket.io", 1.5), timesLess("ws", 1)],
  },
  {
    id: "rooms",
    title: "1,000 rooms × 5, a publisher each",
    unit: "delivery",
    connections: 5_000,
    rooms: 1_000,
    publishers: 1_000,
    contestants: ALL,
    targets: [timesLess("socket.io", 1.4), timesLess("ws", 1)],
  },
  {
    id: "delay",
    title: "delay at half of what plain ws can do",
    unit: "delay",
    connections: 1_000,
    publishers: 16,
    contestants: [...NODE_SERVERS, "C"],
    targets: [{ figure: "p99Ms", rule: "times_as_much", control: "ws", limit: 1.2 }],
  },
  {
    id: "replies",
    title: "request and reply, 1,000 connections",
    unit: "reply",
    connections: 1_000,
    publishers: 1_000,
    contestants: ["hutong", "hutong, Action Cable", "ws", "socket.io", "C"],
    targets: [timesLess("ws", 0.7)],
  },
  {
    id: "memory",
    title: "memory of an idle joined connection, 10,000 of them",
    unit: "connection",
    connections: 10_000,
    contestants: ["hutong", "hutong, Action Cable", "ws", "socket.io", "C"],
    targets: [
      { figure: "kib", rule: "more", control: "ws", limit: 4 },
      { figure: "kib", rule: "times_as_much", control: "socket.io", limit: 0.6 },
    ],
  },
  {
    id: "joins",
    title: "connect and join (ws: the handshake alone)",
    unit: "join",
    connections: 3_000,
    contestants: ["hutong", "hutong, Action Cable", "ws", "socket.io", "C"],
    handshakeOnly: "ws",
    targets: [timesLess("ws", 0.7)],
  },
  {
    id: "topics",
    title: "100 connections × the same 100 topics, 16 publishers",
    unit: "delivery",
    connections: 100,
    topics: 100,
    publishers: 16,
    contestants: ["hutong", "ws", "ws, batched"],
    targets: [],
  },
  {
    id: "bodies-16k",
    title: "1 room × 100, 4 publishers, 16 KiB",
    unit: "delivery",
    connections: 100,
    publishers: 4,
    bodyBytes: 16_384,
    contestants: ["hutong", "ws", "socket.io", "C, batched"],
    targets: [],
  },
  {
    id: "bodies-60k",
    title: "1 room × 100, 1 publisher, 60 KiB",
    unit: "delivery",
    connections: 100,
    bodyBytes: 61_440,
    contestants: ["hutong", "ws", "socket.io", "C, batched"],
    targets: [],
  },
  {
    id: "compressed",
    title: "1 room × 100, 1 publisher, 4 KiB, compressed",
    unit: "delivery",
    connections: 100,
    bodyBytes: 4_096,
    isCompressed: true,
    contestants: ["hutong", "ws"],
    targets: [],
  },
  {
    id: "binary",
    title: "1 room × 1,000, 16 publishers, binary",
    unit: "delivery",
    connections: 1_000,
    publishers: 16,
    isBinary: true,
    contestants: ["hutong", "ws", "ws, batched"],
    targets: [],
  },
  {
    id: "slow-reader",
    title: "1 room × 1,000, 16 publishers, one never reads",
    unit: "delivery",
    connections: 1_000,
    publishers: 16,
    stalled: 1,
    contestants: ["hutong", "ws", "ws, batched", "socket.io"],
    targets: [],
  },
];
