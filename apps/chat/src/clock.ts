/** Resolves when what the event loop has ready now has been handled. No time passes; a clock of tests need not be asked. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
