import type { WaitOptions } from "../wait.ts";

/** What a durable push is made of. */
export interface PushDraft extends WaitOptions {
  /** Topic of the channel that sends it. */
  readonly topic: string;
  /** Chooses the server's handler. */
  readonly event: string;
  /** A JSON value; `undefined` goes as `{}`. */
  readonly payload: unknown;
  /** Chosen by the outbox when left out. */
  readonly id?: string;
}

const [RANDOM_LENGTH, COUNT_LENGTH] = [18, 6];
const [LEAST_ID_LENGTH, MAX_ID_LENGTH] = [16, 64];

/** Makes an id. `count` keeps the ids of an outbox apart even where a test has taken chance away. */
export function createPushId(random: () => number, count: number): string {
  let id = "";
  while (id.length < RANDOM_LENGTH) id += Math.floor(random() * 36).toString(36);
  return id + count.toString(36).padStart(COUNT_LENGTH, "0");
}

/** @throws {RangeError} when an id has a wrong length. */
export function assertPushId(id: string): void {
  if (id.length < LEAST_ID_LENGTH || id.length > MAX_ID_LENGTH)
    throw new RangeError(`push id has ${id.length} characters; expected ${LEAST_ID_LENGTH} to ${MAX_ID_LENGTH}`);
}

/**
 * The payload as JSON carries it, so that every time the same is sent, whatever becomes of the original.
 *
 * @throws {TypeError} when it is no JSON value.
 */
export function copyOf(payload: unknown): unknown {
  if (payload instanceof Uint8Array || payload instanceof ArrayBuffer)
    throw new TypeError("a durable push carries JSON, not bytes");
  return JSON.parse(JSON.stringify(payload === undefined ? {} : payload));
}
