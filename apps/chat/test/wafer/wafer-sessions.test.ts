import { testEngines } from "@hutong/database/testing";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { keysOf, loginHeaders, startWechatChat, type WechatChat } from "../support/wechat-chat.ts";
import { MIGRATIONS } from "../../src/storage/migrations.ts";

describe.each(testEngines())("wafer's sessions on $name", (engine) => {
  async function withChat(work: (chat: WechatChat, clock: FakeClock) => Promise<void>): Promise<void> {
    const clock = new FakeClock(1_700_000_000_000);
    await using temporary = await engine.create(MIGRATIONS);
    await using chat = await startWechatChat({ clock, config: { databaseUrl: temporary.url } });
    await work(chat, clock);
  }

  test("first logins at the same time are one account", async () => {
    await withChat(async (chat) => {
      // A new login ends WeChat's session before it, so each brings what belongs to its own code.
      const headers = [1, 2, 3].map(() => loginHeaders(chat.wechat, "o-ada", "Ada"));
      const answers = await Promise.all(headers.map((each) => chat.get("/login", each)));

      const users = await Promise.all(answers.map((answer) => chat.get("/user", keysOf(answer))));

      for (const user of users) expect(user).toMatchObject({ code: 0, data: { userInfo: { openId: "o-ada" } } });
      expect(new Set(answers.map((answer) => keysOf(answer)["X-WX-Id"])).size).toBe(3);
    });
  });

  test("the oldest of eleven logins of one user ends", async () => {
    await withChat(async (chat, clock) => {
      const logins = [];
      for (let count = 0; count < 11; count++) {
        logins.push(await chat.login("o-ada"));
        await clock.advance(1_000);
      }
      const [oldest, second] = logins;

      expect(await chat.get("/user", oldest)).toMatchObject({ error: "ERR_INVALID_SESSION" });
      expect(await chat.get("/user", second)).toMatchObject({ code: 0 });
    });
  });

  test("a tunnel's address is given to whoever has a session", async () => {
    await withChat(async (chat) => {
      expect(await chat.get("/tunnel", await chat.login("o-ada"))).toMatchObject({ code: 0 });
    });
  });
});
