import type { RunningProcess } from "../../../../tools/processes.ts";
import { addressOf, chatEnvironment, killChat, runToken, startChatProcess } from "./chat-process.ts";
import { createTemporaryFolder, orRemove } from "./temporary-folder.ts";

/** A chat with the real page, as a process of its own, that can crash and come back. */
export interface RunningChat extends AsyncDisposable {
  readonly url: string;
  /** Of its SQLite file, which another program may write to beside it. */
  readonly databaseUrl: string;
  /** Ends the process with SIGKILL. Resolves when it is gone. */
  crash(): Promise<void>;
  /** Starts it again on the same port and with the same data. Resolves when it listens. */
  restart(): Promise<void>;
  /** Makes a token with `npm run token`. */
  token(...options: readonly string[]): Promise<string>;
}

/** Starts a chat on a free port that serves the page in `pageFolder`. */
export async function startRunningChat(pageFolder: string): Promise<RunningChat> {
  const folder = await createTemporaryFolder();
  const environment = { ...(await chatEnvironment(folder)), HUTONG_PAGE_DIR: pageFolder };
  let running: RunningProcess = startChatProcess(environment);
  const url = await orRemove(folder, addressOf(running));
  return {
    url,
    databaseUrl: `sqlite:${folder.at("data/chat.db")}`,
    crash: () => killChat(running),
    restart: async () => {
      running = startChatProcess({ ...environment, PORT: new URL(url).port });
      await addressOf(running);
    },
    token: async (...options) => {
      const { code, output } = await runToken(environment, ...options);
      if (code !== 0) throw new Error(`no token was made:\n${output}`);
      return output.trim();
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
