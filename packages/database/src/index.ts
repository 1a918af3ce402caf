export { isUniqueViolation } from "./constraint.ts";
export { type Database, DatabaseError } from "./database.ts";
export { makeFolder } from "./make-folder.ts";
export { migrate, type Migration, migrationState } from "./migrate.ts";
export { openDatabase } from "./open-database.ts";
export { PreparedStatement } from "./prepared-statement.ts";
