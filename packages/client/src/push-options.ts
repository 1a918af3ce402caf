import type { WaitOptions } from "./wait.ts";

/** How a push is sent. */
export interface PushOptions extends WaitOptions {
  /** Keeps the push in the outbox until the server has answered. `timeoutMs` and `signal` then give it up. @defaultValue false */
  readonly durable?: boolean;
  /**
   * Names a durable push, 16 to 64 characters that nobody else chooses. The id of a push that is in the outbox gives the
   * promise of that one. @defaultValue a random one
   */
  readonly id?: string;
}
