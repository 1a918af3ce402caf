import type { SocketActionName } from "@hutong/chat-api";
import type { Transport, TransportHandlers, TransportRequest } from "@hutong/client";

import { codeOf } from "../../src/calls/call-error.ts";

type Frame = readonly [joinRef: string | null, ref: string | null, topic: string, event: string, payload: object];

/** What stands behind a transport. */
export interface TalkBackend {
  /** While set, nothing can be reached. */
  readonly isAway: boolean;
  /** Why the next joins are refused, in order. */
  readonly refusals: string[];
  /** Rejects with a `CallError`; after `network` the connection is cut. */
  perform(name: SocketActionName, input: object): Promise<unknown>;
}

/** The server's end of one connection that speaks Phoenix frames, without a network. */
export class TalkTransport implements Transport {
  readonly needsHeartbeat = false;
  readonly token: string | undefined;
  /** Topics that are joined, with the ref of the join. */
  readonly joined = new Map<string, string | null>();
  readonly #server: TalkBackend;
  readonly #handlers: TransportHandlers;
  #isOver = false;

  constructor(server: TalkBackend, { token }: TransportRequest, handlers: TransportHandlers) {
    this.token = token;
    this.#server = server;
    this.#handlers = handlers;
    queueMicrotask(() => (server.isAway ? this.cut() : handlers.opened()));
  }

  send(frame: string | Uint8Array): void {
    if (typeof frame !== "string") throw new TypeError("this server reads text only");
    // The client writes frames of this shape.
    const parsed: Frame = JSON.parse(frame);
    queueMicrotask(() => void this.#answer(parsed));
  }

  close(code: number, reason: string): void {
    queueMicrotask(() => this.#end(code, reason));
  }

  /** The link breaks. */
  cut(): void {
    this.#end(1006, "");
  }

  /** Pushes an event to a topic that is joined. */
  push(topic: string, event: string, payload: object): void {
    const joinRef = this.joined.get(topic);
    if (joinRef !== undefined) this.#write([joinRef, null, topic, event, payload]);
  }

  async #answer([joinRef, ref, topic, event, payload]: Frame): Promise<void> {
    const reply = (status: "ok" | "error", response: unknown): void =>
      this.#write([joinRef, ref, topic, "phx_reply", { status, response }]);
    if (event === "phx_leave") this.joined.delete(topic);
    if (topic === "phoenix" || event === "phx_leave") return reply("ok", {});
    if (event === "phx_join") {
      const reason = this.#server.refusals.shift();
      if (reason !== undefined) return reply("error", { reason });
      this.joined.set(topic, joinRef);
      return reply("ok", {});
    }
    try {
      // An action, as the chat names it.
      reply("ok", await this.#server.perform(event as SocketActionName, payload));
    } catch (error) {
      if (codeOf(error) === "network") this.cut();
      else reply("error", { reason: codeOf(error) });
    }
  }

  #write(frame: Frame): void {
    if (!this.#isOver) this.#handlers.received(JSON.stringify(frame));
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#handlers.closed({ code, reason });
  }
}
