import { ChannelError } from "@hutong/client";
import { describe, expect, test } from "vitest";
import { type BidChannel, placeBid } from "../../page/place-bid.ts";

/** A channel that answers with these, one after the other, and the ids that it was given. */
function scripted(answers: readonly (Error | { readonly result: string })[]) {
  const ids: unknown[] = [];
  const push = (_event: string, payload: object): Promise<unknown> => {
    const answer = answers[ids.length];
    ids.push(Reflect.get(payload, "clientBidId"));
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  // It takes a bid and answers, which is all that is used of a channel.
  return { ids, channel: { push } as BidChannel };
}

const LOST = new ChannelError("connection_lost");

describe("placeBid", () => {
  test("sends a bid whose answer was lost again, under the same id", async () => {
    const { ids, channel } = scripted([LOST, new ChannelError("reply_timeout"), { result: "DUPLICATE" }]);

    expect(await placeBid(channel, "the-same", 100)).toEqual({ result: "DUPLICATE" });
    expect(ids).toEqual(["the-same", "the-same", "the-same"]);
  });

  test("gives up after four attempts", async () => {
    const { ids, channel } = scripted([LOST, LOST, LOST, LOST]);

    await expect(placeBid(channel, "the-same", 100)).rejects.toBe(LOST);
    expect(ids).toHaveLength(4);
  });

  test("does not repeat what cannot succeed", async () => {
    const refused = new ChannelError("invalid_payload");
    const { ids, channel } = scripted([refused]);

    await expect(placeBid(channel, "the-same", 100)).rejects.toBe(refused);
    expect(ids).toHaveLength(1);
  });
});
