import type { ChannelState, SocketState } from "@hutong/client";

import type { RoomState } from "./room-client.ts";

/** One state for the page out of the states of our client's link and channel. */
export function toRoomState(socket: SocketState, channel: ChannelState): RoomState {
  if (channel.kind === "refused") return { kind: "refused", reason: channel.error.reason };
  switch (socket.kind) {
    case "open":
      return toOpenState(channel);
    case "waiting":
      return { kind: "reconnecting", retryAtMs: socket.retryAtMs };
    case "offline":
      return { kind: "offline" };
    case "idle":
      return { kind: "connecting" };
    case "connecting":
      return socket.attempt > 1 ? { kind: "reconnecting", retryAtMs: undefined } : { kind: "connecting" };
    case "closing":
      return { kind: "closed", reason: "closing" };
    case "closed":
      return { kind: "closed", reason: socket.reason === "" ? String(socket.code) : socket.reason };
    default:
      return socket satisfies never;
  }
}

function toOpenState(channel: Exclude<ChannelState, { kind: "refused" }>): RoomState {
  switch (channel.kind) {
    case "joined":
      return { kind: "live" };
    case "waiting":
      return { kind: "reconnecting", retryAtMs: channel.retryAtMs };
    case "idle":
    case "joining":
      return { kind: "connecting" };
    case "leaving":
      return { kind: "closed", reason: "leaving" };
    case "closed":
      return { kind: "closed", reason: channel.cause };
    default:
      return channel satisfies never;
  }
}
