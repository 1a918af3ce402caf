import type { Clock } from "../clock.ts";
import type { Connection } from "./connection.ts";

/** How long connections may take to say good-bye when the server drains, in milliseconds. */
export const DRAIN_LINGER_MS = 5_000;
/** The same when it closes at once. */
export const CLOSE_LINGER_MS = 1_000;

/** How connections are drained. */
export interface DrainPlan {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Time over which the closes are spread, in milliseconds. */
  readonly spreadMs: number;
  /** Time that a connection's handlers have to answer once it is its turn, in milliseconds. */
  readonly answerMs: number;
  /** Resolves when everything that a connection has sent is answered. MUST NOT reject. */
  readonly idle: (connection: Connection) => Promise<void>;
}

/**
 * Closes connections with the drain code. Each has a slot of its own, in order, and a
 * random moment in it, so that they do not come back in step; what it has asked is
 * answered first, within bounds. The function that is returned cancels what is still to come.
 */
export function drainConnections(connections: readonly Connection[], plan: DrainPlan): () => void {
  const { clock, random, spreadMs } = plan;
  const slotMs = spreadMs / connections.length;
  const cancels = connections.map((connection, index) => {
    const delayMs = Math.floor(slotMs * (index + random()));
    if (delayMs > 0) return clock.after(delayMs, () => void closeWhenIdle(connection, plan));
    void closeWhenIdle(connection, plan);
    return () => {};
  });
  return () => {
    for (const cancel of cancels) cancel();
  };
}

async function closeWhenIdle(connection: Connection, { clock, answerMs, idle }: DrainPlan): Promise<void> {
  let cancel = (): void => {};
  const timeout = new Promise<void>((resolve) => (cancel = clock.after(answerMs, resolve)));
  await Promise.race([idle(connection), timeout]);
  cancel();
  connection.close("drained");
}
