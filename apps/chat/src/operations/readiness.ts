import type { Server } from "@hutong/server";

/** Whether new clients should be sent here, and why not. */
export type ReadinessState = "ready" | "starting" | "draining" | "full";

/** What a load balancer asks: whether this process takes new clients. */
export class Readiness {
  readonly #server: Server;
  #isLeaving = false;

  constructor(server: Server) {
    this.#server = server;
  }

  /** From now on the answer is no, although the server still works. */
  leave(): void {
    this.#isLeaving = true;
  }

  get state(): ReadinessState {
    const { state, hasRoom } = this.#server;
    if (state === "idle") return "starting";
    if (this.#isLeaving || state !== "running") return "draining";
    return hasRoom ? "ready" : "full";
  }
}
