import type { ChannelState } from "../channel.ts";

/** The ways from one state of a channel to the next. Joining follows itself when the link comes and goes. */
export const CHANNEL_TRANSITIONS = {
  idle: ["joining", "closed"],
  joining: ["joining", "joined", "waiting", "refused", "leaving", "closed"],
  joined: ["joining", "waiting", "leaving", "closed"],
  waiting: ["joining", "closed"],
  refused: ["joining", "closed"],
  leaving: ["closed"],
  closed: [],
} as const satisfies Record<ChannelState["kind"], readonly ChannelState["kind"][]>;
