import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ActionInput, ActionOutput, InboxContract, Session, SocketActionName } from "@hutong/chat-api";
import { createAnonymousCall, createHttpCall, sendByFetch } from "@hutong/chat-client";
import { createSocket } from "@hutong/client";
import { createFakeWechat, FakeClock } from "@hutong/testing";
import type { Browser } from "playwright-core";
import { startProcess } from "../../../../tools/processes.ts";
import { openPhone } from "./phone";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
/** How long the chat may take to start on a busy machine, in milliseconds. */
const START_LIMIT_MS = 30_000;
const LISTENS = /^Hutong listens on (http:\/\/\S+)$/;
const APPLICATION = { appId: "wx-test", appSecret: "a-secret" } as const;

/** The chat's own program with a WeChat of its own, a web client in its lobby, and a phone on which nobody is signed in. */
export async function startNeighbourhood(browser: Browser) {
  const clock = new FakeClock();
  const { url, wechat, close } = await startChatProgram(clock);
  const web = await enterLobby(url);
  // The test changes where the host leads.
  const map = new Map([["chat.example.com", url]]);
  const phone = await openPhone(browser, {
    ...{ map, clock, reload: false },
    account: (deviceId) => {
      const person = wechat.account(`o-${deviceId}`, { nickName: "Panda" });
      const userInfo = () => {
        const info = person.userInfo();
        return { ...info, userInfo: { ...info.userInfo } };
      };
      return { login: () => person.login(), isSessionValid: () => person.isSessionValid(), userInfo };
    },
  });
  return {
    ...{ phone, clock, web, map, url },
    async [Symbol.asyncDispose]() {
      await phone[Symbol.asyncDispose]();
      await web.socket.close();
      await close();
    },
  };
}

async function startChatProgram(clock: FakeClock) {
  const folder = await mkdtemp(join(tmpdir(), "neighbourhood-"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>A page</title>");
  const wechat = createFakeWechat({ ...APPLICATION, clock });
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
  };
  const program = ["--conditions=source", "--import", "tsx", "apps/chat/src/main.ts"];
  const running = startProcess(process.execPath, program, { cwd: ROOT, environment });
  const line = await running.waitForLine(LISTENS, START_LIMIT_MS);
  const close = async (): Promise<void> => {
    await running.stop();
    await wechat.close();
    await rm(folder, { recursive: true });
  };
  return { url: LISTENS.exec(line)?.[1] ?? "", wechat, close };
}

/** Registers Ada, joins the lobby as the web page does, and keeps the texts that she hears there. */
async function enterLobby(url: string) {
  const http = createHttpCall(sendByFetch(fetch, url));
  const session: Session = await createAnonymousCall(http)("register", {
    ...{ username: "ada_l", password: "correct horse battery", nickname: "Ada" },
    device: { key: "device-of-ada", platform: "web", name: "test" },
  });
  const call = async <TName extends SocketActionName>(name: TName, input: ActionInput<TName>) =>
    // The server answers what its contract says.
    (await http(name, input, session.accessToken)) as ActionOutput<TName>;
  const { conversation } = await call("open_room", { name: "lobby" });
  const socket = createSocket(`${url}/socket`, { token: session.accessToken });
  socket.connect();
  const inbox = socket.channel<InboxContract>(`inbox:${session.me.id}`, {});
  const room = socket.channel<InboxContract>(`conversation:${conversation.id}`, {});
  const heard: string[] = [];
  room.on("message", ({ message }) => {
    if (message.type === "text") heard.push(message.body.text);
  });
  await Promise.all([inbox.join(), room.join()]);
  return { call, socket, heard };
}
