const MEND_FILE = "make the file and its folder writable, or name another file in the database URL";
const MEND_ADDRESS = "start it, or mend host and port in the database URL";
const MEND_USER = "mend user and password in the database URL";

/** What an operator does about a failure, by the code that the system or PostgreSQL gives it. */
const REMEDIES: ReadonlyMap<unknown, string> = new Map([
  ["EACCES", MEND_FILE],
  ["EPERM", MEND_FILE],
  ["EROFS", MEND_FILE],
  ["ENOSPC", "make room on the disk"],
  ["ECONNREFUSED", MEND_ADDRESS],
  ["EHOSTUNREACH", MEND_ADDRESS],
  ["ETIMEDOUT", MEND_ADDRESS],
  ["ENOTFOUND", "mend the host in the database URL"],
  ["EAI_AGAIN", "mend the host in the database URL, or this machine's name resolution"],
  ["28000", MEND_USER],
  ["28P01", MEND_USER],
  ["3D000", "create it, or mend its name in the database URL"],
  ["42501", "grant that right to the user of the database URL"],
  ["53300", "end programs that use it, or let it have more connections"],
  ["57P03", "try again when it has started"],
]);

/** The same by SQLite's primary result codes. */
const SQLITE_REMEDIES: ReadonlyMap<unknown, string> = new Map([
  [5, "stop the program that holds it"],
  [8, MEND_FILE],
  [11, "restore it from a backup"],
  [13, "make room on the disk"],
  [14, "the database URL has to name a file, in a folder that may be written"],
  [26, "name another file in the database URL, or move this one away"],
]);

/**
 * The end of a sentence about a failure: its reason in brackets, what to do about it, and the full stop. `otherwise` is
 * what to do about failures that are not known by a code.
 */
export function reasonOf(error: unknown, otherwise: string): string {
  if (!(error instanceof Error)) return ` (${String(error)}); ${otherwise}.`;
  const code = "code" in error ? error.code : undefined;
  const remedy = SQLITE_REMEDIES.get(sqliteCode(error)) ?? REMEDIES.get(code) ?? otherwise;
  // Node gives no text to the failure of a host that has several addresses.
  return ` (${error.message === "" ? String(code) : error.message}); ${remedy}.`;
}

/** SQLite's primary result code, which is the lowest byte of what it says; `undefined` for errors of others. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined;
  return error.errcode & 0xff;
}
