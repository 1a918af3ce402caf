import type { Frame } from "@hutong/protocol";
import { EncodedFrame } from "../encoded-frame.ts";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { Subscriber } from "./subscriber.ts";

/** The frames that carry a broadcast to a channel's client, and to all with its key and wire protocol. */
export function encodeFor(channel: Subscriber, broadcast: Broadcast): readonly EncodedFrame[] {
  const frames: EncodedFrame[] = [];
  const told = broadcast.topic === channel.topic ? broadcast : withoutStamp(broadcast);
  for (const message of channel.messagesFor(told)) {
    const frame = channel.peer.wireProtocol.encode(message);
    if (frame !== undefined) frames.push(encodedBroadcast(frame, told));
  }
  return frames;
}

/** A place in the history of another topic means nothing to a channel's client, and nobody gives it that history later. */
function withoutStamp({ topic, event, payload, json }: Broadcast): Broadcast {
  return { topic, event, payload, json };
}

/** Whoever misses a change of presence is wrong about it until the next join. */
const ESSENTIAL: ReadonlySet<string> = new Set(["presence_diff", "presence_state"]);

/** The frame of a broadcast: recoverable if the topic's history has it, else live. */
export function encodedBroadcast(frame: Frame, broadcast: Broadcast): EncodedFrame {
  if (broadcast.stamp !== undefined) return new EncodedFrame(frame, "recoverable", broadcast);
  return ESSENTIAL.has(broadcast.event)
    ? new EncodedFrame(frame)
    : new EncodedFrame(frame, "live", broadcast, `${broadcast.topic} ${broadcast.event}`);
}

/** The broadcast that a frame was made from; `undefined` for other frames. */
export function broadcastOf({ deliveryClass, origin }: EncodedFrame): Broadcast | undefined {
  return deliveryClass === "essential" ? undefined : (origin as Broadcast); // only encodedBroadcast makes the other classes
}
