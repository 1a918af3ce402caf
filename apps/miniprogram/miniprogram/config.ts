/** Where the servers are. Both hosts have to stand on the lists of the mini-program's console. */
export const SERVERS = {
  /** The chat: requests, uploads and downloads. */
  chat: "https://chat.example.com",
  /** The chat's socket. */
  chatSocket: "wss://chat.example.com/socket",
  /** The auction: requests. */
  auction: "https://auction.example.com",
  /** The auction's Action Cable. */
  auctionCable: "wss://auction.example.com/cable",
} as const;
