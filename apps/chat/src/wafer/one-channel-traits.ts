import type { WireProtocol } from "@hutong/protocol";

/** How connections behave that are joined to their only channel from the start, and whose clients know of no joins. */
export const ONE_CHANNEL_TRAITS: WireProtocol["traits"] = {
  greets: true,
  refusal: "after_upgrade",
  joinAnswer: "before_hook",
  secondJoin: "ignored",
  handlerFailure: "fails_message",
  positions: false,
  historyAnswer: "with_join",
  presence: "diffs",
  limitedJoin: "refused",
  malformedFrame: "ignored",
};
