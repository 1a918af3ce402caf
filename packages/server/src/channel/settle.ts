/**
 * Runs code that may be synchronous or not, and what follows it. What the code throws or rejects with goes
 * to `failed`; there is a promise only where the code, or what follows it, has one.
 */
export function settle<T, TResult = void>(
  run: () => T | PromiseLike<T>,
  done: (result: T) => TResult | Promise<TResult>,
  failed: (cause: unknown) => TResult | Promise<TResult>,
): TResult | Promise<TResult> {
  let result: T | PromiseLike<T>;
  try {
    result = run();
  } catch (cause) {
    return failed(cause);
  }
  // Whatever can be awaited is: taken for a result, a query that is a thenable would be one.
  return isPromiseLike(result) ? Promise.resolve(result).then(done, failed) : done(result);
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
