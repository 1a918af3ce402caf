import { type Channel, ChannelError } from "@hutong/client";
import type { AuctionContract } from "./auction-contract.ts";

/** How long one attempt waits, and how many there are. */
const ATTEMPT_MS = 5_000;
const MAX_ATTEMPTS = 4;

/** What of a channel is used to bid. */
export type BidChannel = Pick<Channel<AuctionContract>, "push">;

/**
 * Places a bid, and places it again when the answer was lost: under the same id, so that it counts once however often it
 * arrives. Rejects when no attempt was answered; the bid may then have been accepted, which the next snapshot tells.
 */
export async function placeBid(channel: BidChannel, clientBidId: string, amount: number) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await channel.push("bid", { clientBidId, amount }, { timeoutMs: ATTEMPT_MS });
    } catch (error) {
      const mayPass = error instanceof ChannelError && error.retryable;
      if (!mayPass || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
