/**
 * Runs user code that may be synchronous or not. What it throws or rejects with goes
 * to `failed`; the promise that is returned never rejects, and there is none when
 * the code was synchronous.
 */
export function settle<T>(
  run: () => T | Promise<T>,
  done: (result: T) => void | Promise<void>,
  failed: (cause: unknown) => void | Promise<void>,
): void | Promise<void> {
  let result: T | Promise<T>;
  try {
    result = run();
  } catch (cause) {
    return failed(cause);
  }
  if (result instanceof Promise) return result.then(done, failed);
  return done(result);
}
