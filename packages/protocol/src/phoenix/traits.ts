import type { WireProtocolTraits } from "../wire-protocol.ts";

/** What every version of Phoenix expects of the server. */
export const PHOENIX_TRAITS: WireProtocolTraits = {
  greets: false,
  refusal: "before_upgrade",
  joinAnswer: "before_hook",
  secondJoin: "replaces",
  handlerFailure: "ends_channel",
  positions: false,
  historyAnswer: "with_join",
  presence: "diffs",
  limitedJoin: "refused",
  malformedFrame: "closes",
};
