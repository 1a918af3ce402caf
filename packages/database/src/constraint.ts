const SQLITE_CONSTRAINT_PRIMARYKEY = 1_555;
const SQLITE_CONSTRAINT_UNIQUE = 2_067;

/** Whether a statement failed because a row with the same unique key is there already, on either engine. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && error.code === "23505") return true;
  return (
    "errcode" in error && (error.errcode === SQLITE_CONSTRAINT_PRIMARYKEY || error.errcode === SQLITE_CONSTRAINT_UNIQUE)
  );
}

/** Whether PostgreSQL aborted the transaction for a reason that may be gone next time: a deadlock or a conflict. */
export function isTransientAbort(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "40P01" || error.code === "40001");
}
