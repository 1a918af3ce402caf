import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHAT_PLACES } from "./support/chat-places.ts";
import type { RunningChat } from "./support/running-chat.ts";
import { SESSION_KEY, startWaferPhone, type WaferPhone } from "./support/wafer-phone.ts";

// Tencent's clients from npm, unmodified, in the realm of a mini-program.

describe.each(CHAT_PLACES)("$name", ({ start }) => {
  let chat: RunningChat;
  beforeAll(async () => {
    chat = await start();
  });
  afterAll(() => chat[Symbol.asyncDispose]());

  const startPhone = (name: "wafer-client-sdk" | "wafer2-client-sdk", openid: string): Promise<WaferPhone> =>
    startWaferPhone(name, chat.url, { account: chat.wechat.account(openid, { nickName: openid }) });

  /** Makes a phone's session one that nobody knows. */
  function spoil({ phone }: WaferPhone): void {
    const session: object = Object(phone.storage.get(SESSION_KEY));
    phone.storage.set(SESSION_KEY, { ...session, skey: "forgotten" });
  }

  describe("wafer-client-sdk 0.8", () => {
    test("logs in, and asks with its session", async () => {
      const phone = await startPhone("wafer-client-sdk", "o-v1-login");

      expect(await phone.login()).toMatchObject({ nickName: "o-v1-login" });
      expect(await phone.request("/user")).toMatchObject({
        code: 0,
        data: { userInfo: { openId: "o-v1-login", nickName: "o-v1-login" } },
      });
    });

    test("logs in again when its session is invalid, and repeats the request", async () => {
      const phone = await startPhone("wafer-client-sdk", "o-v1-again");
      await phone.login();
      spoil(phone);

      const answer = await phone.request("/user");

      expect(answer).toMatchObject({ code: 0, data: { userInfo: { openId: "o-v1-again" } } });
      expect(phone.phone.storage.get(SESSION_KEY)).not.toMatchObject({ skey: "forgotten" });
    });

    test("is told why it cannot log in", async () => {
      const phone = await startPhone("wafer-client-sdk", "o-v1-refused");
      chat.wechat.failNext({ kind: "errcode", errcode: 40029 }, { path: "/sns/jscode2session" });

      await expect(phone.login()).rejects.toThrow("登录失败(ERR_LOGIN_FAILED)：登录失败，请重新登录");
    });

    test("speaks and hears through the tunnel, and comes back after a cut", async () => {
      const phone = await startPhone("wafer-client-sdk", "o-v1-tunnel");
      await phone.login();
      const { tunnel, happened } = phone.openTunnel();
      expect(await happened.next("connect")).toEqual(["connect", undefined]);
      expect(await happened.next("people")).toMatchObject(["people", { enter: { openId: "o-v1-tunnel" } }]);

      tunnel.emit("speak", { word: "一，二：三" });

      expect(await happened.next("speak")).toMatchObject([
        "speak",
        { who: { openId: "o-v1-tunnel" }, word: "一，二：三" },
      ]);
      phone.phone.setNetwork("none");
      phone.phone.setNetwork("wifi");
      expect(await happened.next("reconnecting")).toEqual(["reconnecting", undefined]);
      phone.clock.skip(1_000);
      const reconnected = await happened.next("reconnect");
      expect(reconnected).toEqual(["reconnect", undefined]);
      tunnel.emit("speak", { word: "back" });
      for (;;) {
        const [event, content] = await happened.next("speak");
        if (event !== "speak") continue;
        expect(content).toMatchObject({ word: "back" });
        break;
      }
      tunnel.close();
    });

    test("keeps its tunnel alive with pings", async () => {
      const phone = await startPhone("wafer-client-sdk", "o-v1-ping");
      await phone.login();
      const { tunnel, happened } = phone.openTunnel();
      expect(await happened.next("connect")).toEqual(["connect", undefined]);
      await happened.next("people");
      tunnel.emit("speak", { word: "zero" });
      // By now the ping that the tunnel begins with has been answered.
      expect(await happened.next("speak")).toMatchObject(["speak", { word: "zero" }]);

      // A ping that is not answered within 15 s of its phone makes the client reconnect.
      for (const word of ["one", "two", "three"]) {
        phone.clock.skip(15_000);
        tunnel.emit("speak", { word });
        expect(await happened.next("speak")).toMatchObject(["speak", { word }]);
      }
      tunnel.close();
    });
  });

  describe("wafer2-client-sdk 2.1", () => {
    test("logs in, asks, and logs in by the code alone when its session is invalid", async () => {
      const phone = await startPhone("wafer2-client-sdk", "o-v2");

      expect(await phone.login()).toMatchObject({ openId: "o-v2", nickName: "o-v2" });
      expect(await phone.request("/user")).toMatchObject({ code: 0, data: { userInfo: { openId: "o-v2" } } });
      spoil(phone);
      expect(await phone.request("/user")).toMatchObject({ code: 0, data: { userInfo: { openId: "o-v2" } } });
    });

    test("cannot log in by the code alone before it came with user data", async () => {
      const phone = await startPhone("wafer2-client-sdk", "o-v2-stranger");

      const outcome = await new Promise((resolve) =>
        phone.sdk.loginWithCode?.({ success: resolve, fail: (error) => resolve(String(error)) }),
      );

      expect(outcome).toBe("Error: 用户未登录过，请先使用 login() 登录");
    });

    test("speaks and hears through the tunnel", async () => {
      const phone = await startPhone("wafer2-client-sdk", "o-v2-tunnel");
      await phone.login();
      const { tunnel, happened } = phone.openTunnel();
      expect(await happened.next("connect")).toEqual(["connect", undefined]);
      expect(await happened.next("people")).toMatchObject(["people", { enter: { openId: "o-v2-tunnel" } }]);

      tunnel.emit("speak", { word: "hi" });

      expect(await happened.next("speak")).toMatchObject(["speak", { who: { openId: "o-v2-tunnel" }, word: "hi" }]);
      tunnel.close();
    });
  });
});
