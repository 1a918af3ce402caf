import { describe, expect, test } from "vitest";
import { EnvironmentReader } from "../../src/environment.ts";
import { readWechatConfig } from "../../src/wechat/wechat-config.ts";

const APPLICATION = { HUTONG_WECHAT_APP_ID: "wx-1", HUTONG_WECHAT_SECRET: "a-secret" };

function read(environment: Readonly<Record<string, string>>) {
  const reader = new EnvironmentReader(environment);
  return { config: readWechatConfig(reader), problems: reader.problems };
}

describe("readWechatConfig", () => {
  test("is nothing where there is no application", () => {
    expect(read({})).toEqual({ config: undefined, problems: [] });
  });

  test("needs no more than the application", () => {
    const rest = { apiUrl: undefined, pushToken: undefined, moderation: "off", notice: undefined };

    expect(read(APPLICATION)).toEqual({ config: { appId: "wx-1", appSecret: "a-secret", ...rest }, problems: [] });
  });

  test("reads a notice with its fields and its page", () => {
    const { config } = read({ ...APPLICATION, HUTONG_WECHAT_NOTICE: "T-1 thing1=sender thing2=text page=pages/a/b" });

    expect(config?.notice?.id).toBe("T-1");
    expect([...(config?.notice?.fields ?? [])]).toEqual([
      ["thing1", "sender"],
      ["thing2", "text"],
    ]);
    expect(config?.notice?.page).toBe("pages/a/b");
  });

  test.each([
    [{ HUTONG_WECHAT_APP_ID: "wx-1" }, 'HUTONG_WECHAT_APP_ID is "wx-1", set HUTONG_WECHAT_SECRET too'],
    [{ HUTONG_WECHAT_SECRET: "a-secret" }, "HUTONG_WECHAT_SECRET is set, set HUTONG_WECHAT_APP_ID too"],
    [
      { ...APPLICATION, HUTONG_WECHAT_API_URL: "http://127.0.0.1/" },
      'HUTONG_WECHAT_API_URL is "http://127.0.0.1/", write https://api.example.com without a final slash',
    ],
    [
      { ...APPLICATION, HUTONG_WECHAT_MODERATION: "on" },
      'HUTONG_WECHAT_MODERATION is "on", set off, lenient or strict',
    ],
    [
      { ...APPLICATION, HUTONG_WECHAT_NOTICE: "T-1" },
      'HUTONG_WECHAT_NOTICE is "T-1", write <template id> thing1=sender thing2=text',
    ],
    [
      { ...APPLICATION, HUTONG_WECHAT_NOTICE: "T-1 thing1=everything" },
      'HUTONG_WECHAT_NOTICE has "thing1=everything", write thing1=sender, thing2=text, time3=time or page=…',
    ],
  ])("says of %o: %s", (environment, problem) => {
    expect(read(environment).problems).toEqual([problem]);
  });
});
