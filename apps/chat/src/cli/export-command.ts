import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { makeFolder } from "@hutong/database";
import { readConfig, StartError } from "../config.ts";
import { exportAccount } from "../export/export-account.ts";
import { openFileStore } from "../files/open-file-store.ts";
import { escapeControls } from "../operations/escape-controls.ts";
import { defineStrictCommand } from "./strict-command.ts";
import { accountOf, withUsers } from "./with-users.ts";

/** `hutong export`: what an account has, for its owner. Works beside a running chat. */
export const exportCommand = defineStrictCommand({
  meta: { name: "export", description: "Write everything that an account can see into an empty folder." },
  args: {
    who: { type: "positional", required: true, description: "User name or id" },
    folder: { type: "positional", required: true, description: "Where to write; made when it is not there" },
  },
  async run({ args: { who, folder: given } }) {
    const { filesUrl, dataFolder } = readConfig(process.env);
    const { store } = await openFileStore(filesUrl, dataFolder);
    await withUsers(async (users, database) => {
      const userId = await accountOf(users, who);
      const folder = resolve(given);
      if ((await entriesOf(folder)).length > 0) throw new StartError(`${folder} is not empty; name another folder.`);
      const progress = (title: string, count: number): void =>
        console.log(`${escapeControls(title)}: ${count} messages`);
      const written = await exportAccount({ database, store, progress }, userId, folder);
      const { conversations, messages, files } = written;
      console.log(`${conversations} conversations, ${messages} messages and ${files} files are in ${folder}`);
    });
  },
});

/** What is in a folder, which is made when it is not there. */
async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    await makeFolder(folder);
    return await readdir(folder);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new StartError(`${folder} cannot be used (${code}); name another folder.`, { cause });
  }
}
