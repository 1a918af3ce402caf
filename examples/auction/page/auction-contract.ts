import type { auctionChannel } from "../src/auction-channel.ts";

/** What the server's channel takes and sends. */
export type AuctionContract = ReturnType<typeof auctionChannel>;
