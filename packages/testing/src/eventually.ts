import { setTimeout as pause } from "node:timers/promises";

/** How long to wait for something that will happen. */
export interface WaitOptions {
  /** Longest wait, in milliseconds. @defaultValue 2_000 */
  readonly limitMs?: number;
}

/** Default of {@link WaitOptions}. */
export const DEFAULT_LIMIT_MS = 2_000;

const POLL_MS = 2;

/**
 * Waits until `check` neither throws nor gives `false`, and gives what it gave. Rejects with the last
 * failure when the limit has passed.
 *
 * @example
 * await eventually(() => expect(server.stats().connections).toBe(0));
 */
export async function eventually<T>(check: () => T | Promise<T>, options: WaitOptions = {}): Promise<T> {
  // Tests that wait for a real socket need real time; the others use FakeClock.
  const deadlineMs = performance.now() + (options.limitMs ?? DEFAULT_LIMIT_MS);
  for (;;) {
    const outcome = await attempt(check);
    if (outcome.kind === "passed") return outcome.value;
    if (performance.now() >= deadlineMs) throw outcome.cause;
    await pause(POLL_MS);
  }
}

type Outcome<T> = { readonly kind: "passed"; readonly value: T } | { readonly kind: "failed"; readonly cause: unknown };

async function attempt<T>(check: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await check();
    if (value === false) return { kind: "failed", cause: new Error("the check still gives false") };
    return { kind: "passed", value };
  } catch (cause) {
    return { kind: "failed", cause };
  }
}

/** Something that reports events one by one; `on` gives the function that ends the subscription. */
export interface EventSource<TEvent extends string, TValue> {
  /** Calls `handler` for every such event from now on, until the function that it gives is called. */
  on(event: TEvent, handler: (value: TValue) => void): () => void;
}

/**
 * Waits for the next event of that name and gives its value. Rejects when the limit has passed. What was
 * reported before the call does not count.
 *
 * @example
 * const message = await next(channel, "new_message");
 */
export async function next<TEvent extends string, TValue>(
  source: EventSource<TEvent, TValue>,
  event: TEvent,
  options: WaitOptions = {},
): Promise<TValue> {
  const limitMs = options.limitMs ?? DEFAULT_LIMIT_MS;
  const stopped = new AbortController();
  let off = (): void => {};
  const happened = new Promise<TValue>((resolve) => {
    off = source.on(event, resolve);
  });
  const late = pause(limitMs, undefined, { signal: stopped.signal }).then(() => {
    throw new Error(`"${event}" did not happen within ${limitMs} ms`);
  });
  try {
    return await Promise.race([happened, late]);
  } finally {
    off();
    stopped.abort();
    late.catch(() => {}); // the pause rejects when it is cut short, after the race is decided
  }
}
