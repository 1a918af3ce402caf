import { describe, expect, test } from "vitest";
import { createModeration, type Moderation, type Suggestion } from "../../src/wechat/moderation.ts";
import type { WechatCall } from "../../src/wechat/wechat-api.ts";
import { applicationApi } from "./support/application-api.ts";
import { type StartedWechat, startWechat } from "./support/started-wechat.ts";

const PATH = "/wxa/msg_sec_check";
const SUBJECT = { openid: "o-ada", scene: "comment" } as const;
const BOMB = { suggest: "risky", label: 20006 } as const;

function moderationOf(started: StartedWechat, whenUnavailable: Suggestion = "review"): Moderation {
  started.wechat.account("o-ada").login();
  return createModeration({ api: applicationApi(started), whenUnavailable });
}

describe("checkText", () => {
  test("gives WeChat's verdict on a text and on the nickname beside it", async () => {
    await using started = await startWechat();
    const moderation = moderationOf(started);
    started.wechat.security.judgeWord("bomb", BOMB);
    started.wechat.security.judgeWord("lottery", { suggest: "review", label: 20008 });

    expect(await moderation.checkText("hello", SUBJECT)).toEqual({ suggest: "pass", label: 100, unjudged: undefined });
    expect(await moderation.checkText("lottery", SUBJECT)).toMatchObject({ suggest: "review", label: 20008 });
    expect(await moderation.checkText("a bomb", SUBJECT)).toMatchObject({ suggest: "risky", label: 20006 });
    expect(await moderation.checkText("hello", { ...SUBJECT, nickname: "bomb" })).toMatchObject({ suggest: "risky" });
  });

  test.each([
    ["at the end of a long text", `${"x".repeat(6_000)}bomb`, 3],
    ["on the first seam", `${"x".repeat(2_498)}bomb${"x".repeat(2_400)}`, 2],
  ])("finds a word %s", async (_name, text, callCount) => {
    await using started = await startWechat();
    const moderation = moderationOf(started);
    started.wechat.security.judgeWord("bomb", BOMB);

    expect(await moderation.checkText(text, SUBJECT)).toMatchObject({ suggest: "risky" });
    expect(started.wechat.callCount(PATH)).toBe(callCount);
  });

  test.each([
    ["", 0],
    ["x", 1],
    ["x".repeat(2_500), 1],
    ["x".repeat(2_501), 2],
    ["x".repeat(4_900), 2],
    ["x".repeat(4_901), 3],
  ])("asks no more often than the length needs (%#)", async (text, callCount) => {
    await using started = await startWechat();
    const moderation = moderationOf(started);

    expect(await moderation.checkText(text, SUBJECT)).toMatchObject({ suggest: "pass" });
    expect(started.wechat.callCount(PATH)).toBe(callCount);
  });

  test("cuts no surrogate pair", async () => {
    const contents: unknown[] = [];
    const api = {
      call: <T>({ body, answer }: WechatCall<T>): Promise<T> => {
        contents.push(new Map(Object.entries(body ?? {})).get("content"));
        return answer.parseAsync({ result: { suggest: "pass", label: 100 } });
      },
    };

    await createModeration({ api, whenUnavailable: "pass" }).checkText(`x${"😀".repeat(1_300)}`, SUBJECT);

    expect(contents).toEqual([`x${"😀".repeat(1_249)}`, "😀".repeat(101)]);
  });

  test.each<Suggestion>(["pass", "review", "risky"])(
    "suggests %s while WeChat is down, if so configured",
    async (suggest) => {
      await using started = await startWechat();
      const moderation = moderationOf(started, suggest);
      started.wechat.failNext({ kind: "cut" }, { path: PATH });

      expect(await moderation.checkText("hello", SUBJECT)).toEqual({
        suggest,
        label: undefined,
        unjudged: "unavailable",
      });
      expect(await moderation.checkText("hello", SUBJECT)).toMatchObject({ suggest: "pass", unjudged: undefined });
    },
  );

  test("says why WeChat did not judge", async () => {
    await using started = await startWechat();
    const moderation = moderationOf(started);
    started.wechat.failNext({ kind: "errcode", errcode: 45009 }, { path: PATH });
    const limited = await moderation.checkText("hello", SUBJECT);
    await started.clock.advance(7_200_001);

    const away = await moderation.checkText("hello", SUBJECT);

    expect([limited.unjudged, away.unjudged]).toEqual(["rate_limited", "user_unreachable"]);
  });

  test("tells that a part was not judged though the others pass", async () => {
    await using started = await startWechat();
    const moderation = moderationOf(started, "pass");
    started.wechat.failNext({ kind: "cut" }, { path: PATH });

    expect(await moderation.checkText("x".repeat(3_000), SUBJECT)).toMatchObject({
      suggest: "pass",
      unjudged: "unavailable",
    });
  });
});

describe("checkMedia", () => {
  test("leaves the verdict to the callback", async () => {
    await using started = await startWechat();
    const moderation = moderationOf(started);

    const check = await moderation.checkMedia("https://example.com/a.png", { ...SUBJECT, media: "image" });

    expect(check).toEqual({ kind: "pending", traceId: expect.stringMatching(/^[\da-f-]{36}$/) });
  });

  test("is judged by the configuration while WeChat is down", async () => {
    await using started = await startWechat();
    const moderation = moderationOf(started, "risky");
    started.wechat.failNext({ kind: "bad_gateway" }, { path: "/wxa/media_check_async" });

    const check = await moderation.checkMedia("https://example.com/a.mp3", { ...SUBJECT, media: "audio" });

    expect(check).toEqual({
      kind: "judged",
      verdict: { suggest: "risky", label: undefined, unjudged: "unavailable" },
    });
  });
});
