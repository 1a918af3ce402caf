/** Times in milliseconds since 1970, on two clocks. */
export interface ClockSample {
  /** When the question was sent, on our clock. */
  readonly sentAt: number;
  /** What the server's clock said when it answered. */
  readonly serverNow: number;
  /** When the answer came, on our clock. */
  readonly receivedAt: number;
}

/**
 * How far the server's clock is ahead of ours, in milliseconds. It is taken from the quickest round trip, because the
 * answer was written somewhere within it: the error is at most half of that trip.
 *
 * @throws {TypeError} without samples.
 */
export function estimateOffset(samples: readonly ClockSample[]): number {
  const [quickest] = samples.toSorted((one, other) => tripOf(one) - tripOf(other));
  if (quickest === undefined) throw new TypeError("an offset takes at least one sample");
  return quickest.serverNow - (quickest.sentAt + quickest.receivedAt) / 2;
}

/** Asks `ask` for the server's time, several times one after the other, and gives the offset. Rejects when `ask` does. */
export async function measureOffset(ask: () => Promise<number>, now: () => number, rounds = 5): Promise<number> {
  const samples: ClockSample[] = [];
  while (samples.length < rounds) {
    const sentAt = now();
    const serverNow = await ask();
    samples.push({ sentAt, serverNow, receivedAt: now() });
  }
  return estimateOffset(samples);
}

function tripOf({ sentAt, receivedAt }: ClockSample): number {
  return receivedAt - sentAt;
}
