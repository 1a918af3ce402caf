/** Longest wait for something that must happen, in milliseconds. It fails the test, so it is generous. */
export const LIMIT_MS = 5_000;

/** Rejects when a promise takes longer than {@link LIMIT_MS}; `what` names what was waited for. */
export async function within<T>(promise: Promise<T>, what: string, limitMs: number = LIMIT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${limitMs} ms for ${what}`)), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
