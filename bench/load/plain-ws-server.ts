import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { serveBench } from "./serve-bench.ts";

// A control: rooms on `ws` alone. With "batch" as its argument it frames a message once and writes the
// frames of one tick together, below `ws`; otherwise it sends to each subscriber, as most programs do.
const isBatching = process.argv[2] === "batch";

interface Member {
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
  room: string;
}

const rooms = new Map<string, Set<Member>>();
const waiting = new Map<string, Buffer[]>();

function enter(member: Member, room: string): void {
  const members = rooms.get(room) ?? new Set<Member>();
  rooms.set(room, members.add(member));
  member.room = room;
}

function flush(): void {
  for (const [room, frames] of waiting) {
    const bytes = Buffer.concat(frames);
    for (const { socket } of rooms.get(room) ?? []) socket.write(bytes);
  }
  waiting.clear();
}

function publish(room: string, data: Buffer, isBinary: boolean): void {
  if (!isBatching) {
    const message = isBinary ? data : data.toString("utf8");
    for (const { webSocket } of rooms.get(room) ?? []) webSocket.send(message);
    return;
  }
  if (waiting.size === 0) setImmediate(flush);
  const frames = waiting.get(room) ?? [];
  frames.push(toFrame(data, isBinary));
  waiting.set(room, frames);
}

function toFrame(data: Buffer, isBinary: boolean): Buffer {
  const isLong = data.length > 125;
  const head = Buffer.alloc(isLong ? 4 : 2, isBinary ? 0x82 : 0x81);
  head[1] = isLong ? 126 : data.length;
  if (isLong) head.writeUInt16BE(data.length, 2);
  return Buffer.concat([head, data]);
}

interface PlainMessage {
  readonly type: string;
  readonly room: string;
  readonly ref: number;
  readonly body: string;
}

function take(member: Member, data: Buffer, isBinary: boolean): void {
  if (isBinary) return publish(member.room, data, true);
  const { type, room, ref, body } = JSON.parse(data.toString("utf8")) as PlainMessage; // only the load generator speaks
  if (type === "publish") publish(room, Buffer.from(JSON.stringify({ type: "message", room, body })), false);
  else if (type === "echo") member.webSocket.send(JSON.stringify({ type: "reply", ref, body }));
  else {
    enter(member, room);
    member.webSocket.send(JSON.stringify({ type: "joined", room }));
  }
}

// As hutong compresses, for the clients of the one scenario that offer it.
const perMessageDeflate = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  threshold: 1_024,
  zlibDeflateOptions: { level: 3, windowBits: 13, memLevel: 7 },
};
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate, clientTracking: false });
server.on("connection", (webSocket, { socket }) => {
  const member: Member = { webSocket, socket, room: "" };
  webSocket.on("message", (data: Buffer, isBinary: boolean) => take(member, data, isBinary));
  webSocket.on("error", () => {}); // the load generator hangs up without a word
  webSocket.on("close", () => {
    for (const members of rooms.values()) members.delete(member);
  });
});
server.on("listening", () => serveBench((server.address() as AddressInfo).port)); // a TCP server's address is an object
