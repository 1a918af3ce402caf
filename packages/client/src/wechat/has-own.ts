/** `Object.hasOwn`, which phones before 2022 lack; the build for mini-programs puts it in its place. */
export function hasOwn(value: object, key: PropertyKey): boolean {
  return Object.prototype.hasOwnProperty.call(value, key);
}
