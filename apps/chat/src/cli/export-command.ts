import { mkdir, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { systemClock } from "@hutong/server/plugin";
import { Passwords } from "../accounts/passwords.ts";
import { UserOperations } from "../accounts/user-operations.ts";
import { readConfig, StartError } from "../config.ts";
import { exportAccount } from "../export/export-account.ts";
import { openFileStore } from "../files/open-file-store.ts";
import { defineStrictCommand } from "./strict-command.ts";
import { withDatabase } from "./with-database.ts";

/** `hutong export`: what an account has, for its owner. Works beside a running chat. */
export const exportCommand = defineStrictCommand({
  meta: { name: "export", description: "Write everything that an account can see into an empty folder." },
  args: {
    who: { type: "positional", required: true, description: "User name or id" },
    folder: { type: "positional", required: true, description: "Where to write; made when it is not there" },
  },
  async run({ args: { who, folder: given } }) {
    const { filesUrl, dataFolder } = readConfig(process.env);
    const folder = resolve(given);
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) throw new StartError(`${folder} is not empty; name another folder.`);
    const { store } = await openFileStore(filesUrl, dataFolder);
    await withDatabase(async (database) => {
      const users = new UserOperations({ database, clock: systemClock, passwords: new Passwords() });
      const progress = (title: string, count: number): void => console.log(`${title}: ${count} messages`);
      const written = await exportAccount({ database, store, progress }, await users.find(who), folder);
      const { conversations, messages, files } = written;
      console.log(`${conversations} conversations, ${messages} messages and ${files} files are in ${folder}`);
    });
  },
});
