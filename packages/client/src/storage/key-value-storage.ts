/**
 * Keeps texts under keys, beyond the life of a page where it can: IndexedDB, the
 * storage of a mini-program, a file. One storage belongs to one user and one server,
 * so that nothing is sent in another user's name.
 *
 * Calls MUST take effect in the order in which they were made, and every promise MUST
 * settle; one that failed MUST leave the old value. It MAY be shared by several pages.
 */
export interface KeyValueStorage {
  /** Resolves with the text, `undefined` when there is none. */
  get(key: string): Promise<string | undefined>;
  /** Resolves when the text is kept: a crash after that MUST NOT lose it, as far as the medium allows. */
  set(key: string, value: string): Promise<void>;
  /** Resolves when nothing is kept under the key. A key that is not there is no error. */
  delete(key: string): Promise<void>;
  /** Resolves with the keys that begin with `prefix`, in any order. */
  keys(prefix: string): Promise<readonly string[]>;
}
