import type { ServerMessage } from "@hutong/protocol";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { ChannelPeer } from "./channel-voice.ts";

/** A channel as broadcasts reach it. */
export interface Subscriber {
  readonly peer: ChannelPeer;
  /** The topic that was joined; other topics may be heard, too. */
  readonly topic: string;
  /** The client's own name for the channel; channels of one wire protocol with one key are sent the same frame. */
  readonly key: string;
  /**
   * Tells dispatch whether the channel deals with a broadcast itself: one that comes
   * before the channel is live waits, an intercepted one goes to its handler.
   */
  takes(broadcast: Broadcast): boolean;
  /** Moves the client past a broadcast that is not for it. */
  skip(broadcast: Broadcast): void;
  /**
   * The messages that carry a broadcast to this channel's client: none when the definition leaves it out, several
   * where the wire protocol tells the parts of a broadcast one by one.
   */
  messagesFor(broadcast: Broadcast): readonly ServerMessage[];
}
