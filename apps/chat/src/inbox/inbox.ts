import type { Server } from "@hutong/server";
import type { NewsItem } from "./news.ts";

/** Pushes news to those whom they are for. Hints: what gets lost is made up for by the next synchronisation. */
export class Inbox {
  readonly #server: Pick<Server, "broadcast">;

  constructor(server: Pick<Server, "broadcast">) {
    this.#server = server;
  }

  /** Pushes in the order of the list. */
  publish(news: readonly NewsItem[]): void {
    for (const { topics, event, payload } of news) this.#server.broadcast(topics, event, payload);
  }
}
