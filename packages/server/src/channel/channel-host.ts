import type { Clock } from "../clock.ts";
import type { HistoryStore } from "../history/history-store.ts";
import type { ChannelLimits } from "../options.ts";
import type { PresenceChannel } from "../presence/announcer.ts";
import { Presence } from "../presence/presence.ts";
import type { PresenceLimits } from "../presence/presence-limits.ts";
import type { PubSub } from "../pubsub/pubsub.ts";
import type { Telemetry } from "../telemetry.ts";
import { AnsweredPushes } from "./answered-pushes.ts";
import { Publisher } from "./publisher.ts";
import type { Router } from "./router.ts";
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

/** Parts of {@link createChannelHost}. */
export interface ChannelHostOptions extends Pick<ChannelHost, "pubsub" | "store" | "clock" | "limits" | "telemetry"> {
  /** Makes presence refs unique in the cluster. */
  readonly nodeId: string;
  readonly router: Router;
  readonly presenceLimits: Required<PresenceLimits>;
  /** Carries what presence has to say to the other nodes alone. */
  readonly nodes: Pick<PresenceChannel, "handOver" | "claim">;
}

/** Puts the half that knows topics together. What was passed in stays its maker's to close. */
export function createChannelHost(options: ChannelHostOptions): ChannelHost {
  const { pubsub, store, router, clock, limits, telemetry, nodeId, nodes, presenceLimits } = options;
  const channel: PresenceChannel = {
    publish: (topic, payload) => pubsub.publish({ topic, event: "presence_diff", payload }),
    publishLocally: (topic, event, payload) => pubsub.publishLocally({ topic, event, payload }),
    handOver: (handOver) => nodes.handOver(handOver),
    claim: (claim) => nodes.claim(claim),
  };
  const presence = new Presence({ nodeId, clock, limits: presenceLimits, channel });
  const publisher = new Publisher({ pubsub, store, router, telemetry });
  return {
    pubsub,
    publisher,
    answeredPushes: new AnsweredPushes(clock, limits),
    store,
    presence,
    clock,
    limits,
    telemetry,
  };
}
