import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startNginx } from "../../../tools/nginx.ts";
import { type RunningChat, startRunningChat } from "./running-chat.ts";

const NGINX = process.env["HUTONG_TEST_NGINX"];
const GUIDE = fileURLToPath(new URL("../../../docs/guide/deploy.md", import.meta.url));

/** The chat as its clients reach it. */
export interface ChatPlace {
  readonly name: string;
  start(): Promise<RunningChat>;
}

/** Straight to the chat, and through an nginx with the configuration of the guide where the machine has one. */
export const CHAT_PLACES: readonly ChatPlace[] = [
  { name: "straight", start: () => startRunningChat() },
  ...(NGINX === undefined ? [] : [{ name: "through nginx", start: () => startBehindNginx(NGINX) }]),
];

async function startBehindNginx(program: string): Promise<RunningChat> {
  const chat = await startRunningChat({ HUTONG_TRUSTED_PROXIES: "127.0.0.1" });
  try {
    const block = /```nginx\n([^]*?)```/.exec(await readFile(GUIDE, "utf8"))?.[1] ?? "";
    const nginx = await startNginx(program, ({ listen, certificates }) =>
      block
        .replace("listen 443 ssl", `listen ${listen} ssl`)
        .replace(/ssl_certificate +\S+;/, `ssl_certificate ${certificates.chainPath};`)
        .replace(/ssl_certificate_key +\S+;/, `ssl_certificate_key ${certificates.keyPath};`)
        .replace("http://127.0.0.1:4000", chat.url),
    );
    // Foreign clients cannot be told whom to trust; who looks at certificates is the doctor.
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    return {
      ...chat,
      url: nginx.url,
      async [Symbol.asyncDispose]() {
        delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
        await nginx[Symbol.asyncDispose]();
        await chat[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await chat[Symbol.asyncDispose]();
    throw error;
  }
}
