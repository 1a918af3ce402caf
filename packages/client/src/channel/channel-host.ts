import type { PhoenixMessage } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import type { SocketState } from "../link/socket-state.ts";
import type { DurableOutbox } from "../outbox/durable-outbox.ts";

/** What a channel asks of its socket. */
export interface ChannelHost<TChannel> {
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  /** Time that joins and pushes may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Pushes that may wait. */
  readonly maxOutboxPushes: number;
  /** The durable pushes of all channels; `undefined` when there can be none. */
  readonly outbox: DurableOutbox | undefined;
  /** Where the link is in its life; frames can be sent while it is open. */
  linkState(): SocketState["kind"];
  /** A ref that the socket has not used. */
  nextRef(): string;
  /** Sends now; only called while open. Throws when the payload cannot be encoded. */
  send(message: PhoenixMessage): void;
  /** Hears that the topic is free for another channel. */
  released(channel: TChannel): void;
  /** Hears that no frame concerns the channel any more. */
  finished(channel: TChannel): void;
}
