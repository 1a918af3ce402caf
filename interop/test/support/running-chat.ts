import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@hutong/server/plugin";
import { createFakeWechat, type FakeWechat } from "@hutong/testing";
import { startProcess } from "../../../tools/processes.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const START_LIMIT_MS = 60_000;
const APPLICATION = { appId: "wx-test", appSecret: "a-secret" } as const;

/** The chat application as a process of its own, with a WeChat in our hands. */
export interface RunningChat extends AsyncDisposable {
  readonly url: string;
  readonly wechat: FakeWechat;
}

/** Starts both, with further variables for the chat. */
export async function startRunningChat(variables: Readonly<Record<string, string>> = {}): Promise<RunningChat> {
  const folder = await mkdtemp(join(tmpdir(), "hutong-interop-"));
  const wechat = createFakeWechat({ ...APPLICATION, clock: systemClock });
  await writeFile(join(folder, "index.html"), "<!doctype html><title>A page</title>");
  const environment = {
    ...process.env,
    PORT: "0",
    HUTONG_DATA_DIR: join(folder, "data"),
    HUTONG_PAGE_DIR: folder,
    // Tests say in a moment what people say in minutes.
    HUTONG_SENDS_PER_SECOND: "10000",
    HUTONG_WECHAT_APP_ID: APPLICATION.appId,
    HUTONG_WECHAT_SECRET: APPLICATION.appSecret,
    HUTONG_WECHAT_API_URL: await wechat.listen(),
    ...variables,
  };
  const program = ["--conditions=source", "--import", "tsx", "apps/chat/src/main.ts"];
  const running = startProcess(process.execPath, program, { cwd: ROOT, environment });
  const close = async (): Promise<void> => {
    await running.stop();
    await wechat.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const line = await running.waitForLine(/^Hutong listens on http/, START_LIMIT_MS);
    return { url: line.slice("Hutong listens on ".length), wechat, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
