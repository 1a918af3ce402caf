import { migrate, migrationState } from "@hutong/database";
import { defineStrictCommand } from "./strict-command.ts";
import { MIGRATIONS } from "../storage/migrations.ts";
import { withDatabase } from "./with-database.ts";

/** `hutong migrate`. `hutong start` does the same; this is for those who want it done, or looked at, before. */
export const migrateCommand = defineStrictCommand({
  meta: { name: "migrate", description: "Bring the database to the schema of this version." },
  args: { check: { type: "boolean", default: false, description: "Only say what would be done" } },
  run: ({ args: { check } }) =>
    withDatabase(async (database) => {
      const { pending } = await migrationState(database, MIGRATIONS);
      const steps = check ? pending : await migrate(database, MIGRATIONS);
      const what = check ? "to do" : "done";
      for (const step of steps) console.log(`${step}: ${what}`);
      console.log(
        steps.length === 0
          ? "The schema is the newest."
          : `${steps.length === 1 ? "1 step" : `${steps.length} steps`} ${what}.`,
      );
    }),
});
