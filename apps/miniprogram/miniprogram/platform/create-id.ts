/** An id that nobody else makes. It proves nothing, so that the randomness of the language is enough. */
export function createId(): string {
  const part = (): string =>
    Math.floor(Math.random() * 2 ** 48)
      .toString(36)
      .padStart(10, "0");
  return `${part()}${part()}`;
}
