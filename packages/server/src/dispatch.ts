import type { WireProtocol } from "@hutong/protocol";
import type { Subscriber } from "./channel/subscriber.ts";
import { encodeFor } from "./channel/encoded-broadcast.ts";
import { CONSOLE_TELEMETRY } from "./console-telemetry.ts";
import type { EncodedFrame } from "./encoded-frame.ts";
import type { Broadcast } from "./pubsub/envelope.ts";
import type { Dispatch } from "./pubsub/pubsub.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * Fans a broadcast out to the channels of this node. Subscribers share a few wire
 * protocols and, within one, almost always the same key: the topic in Phoenix, the
 * identifier in Action Cable. So a frame is encoded once per protocol and key, and
 * every connection gets the same object.
 */
export function dispatch(
  channels: ReadonlySet<Subscriber>,
  broadcast: Broadcast,
  except: Subscriber | undefined,
): void {
  const frames = new FrameCache(broadcast);
  for (const channel of channels) {
    if (channel === except) {
      channel.skip(broadcast);
      continue;
    }
    if (channel.takes(broadcast)) continue;
    for (const frame of frames.framesFor(channel)) channel.peer.sendFrame(frame);
  }
}

/** {@link dispatch} that says what it did; for nobody it is not even counted. */
export function reportedDispatch(telemetry: Telemetry): Dispatch<Subscriber> {
  if (telemetry === CONSOLE_TELEMETRY) return dispatch;
  return (channels, broadcast, except) => {
    dispatch(channels, broadcast, except);
    const { topic, event } = broadcast;
    const subscriberCount = channels.size - (except !== undefined && channels.has(except) ? 1 : 0);
    telemetry({ kind: "broadcast_dispatched", topic, event, subscriberCount });
  };
}

/** The frames of one broadcast. */
class FrameCache {
  readonly #broadcast: Broadcast;
  readonly #frames = new Map<WireProtocol, Map<string, readonly EncodedFrame[]>>();
  #lastProtocol: WireProtocol | undefined;
  #lastKey: string | undefined;
  #lastFrames: readonly EncodedFrame[] = [];

  constructor(broadcast: Broadcast) {
    this.#broadcast = broadcast;
  }

  /** None when the protocol has no frame for the broadcast, or the definition leaves it out. */
  framesFor(channel: Subscriber): readonly EncodedFrame[] {
    const { wireProtocol } = channel.peer;
    if (wireProtocol !== this.#lastProtocol || channel.key !== this.#lastKey) {
      this.#lastFrames = this.#find(wireProtocol, channel);
      this.#lastProtocol = wireProtocol;
      this.#lastKey = channel.key;
    }
    return this.#lastFrames;
  }

  #find(wireProtocol: WireProtocol, channel: Subscriber): readonly EncodedFrame[] {
    const byKey = this.#frames.get(wireProtocol) ?? new Map<string, readonly EncodedFrame[]>();
    this.#frames.set(wireProtocol, byKey);
    const frames = byKey.get(channel.key) ?? encodeFor(channel, this.#broadcast);
    byKey.set(channel.key, frames);
    return frames;
  }
}
