import type { Clock } from "../clock.ts";
import type { HistoryStore } from "../history/history-store.ts";
import type { ChannelLimits } from "../options.ts";
import type { Presence } from "../presence/presence.ts";
import type { PubSub } from "../pubsub/pubsub.ts";
import type { Telemetry } from "../telemetry.ts";
import type { AnsweredPushes } from "./answered-pushes.ts";
import type { Publisher } from "./publisher.ts";
import type { Subscriber } from "./subscriber.ts";

/** What all channels of a server share. */
export interface ChannelHost {
  readonly pubsub: PubSub<Subscriber>;
  readonly publisher: Publisher;
  readonly answeredPushes: AnsweredPushes;
  /** Where topics with history are kept. */
  readonly store: HistoryStore;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly limits: Required<ChannelLimits>;
  readonly telemetry: Telemetry;
}
