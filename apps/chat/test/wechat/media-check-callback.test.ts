import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type PushReading, type PushRequest, readPush } from "../../src/wechat/media-check-callback.ts";
import { createModeration } from "../../src/wechat/moderation.ts";
import { applicationApi } from "./support/application-api.ts";
import { type StartedWechat, startWechat } from "./support/started-wechat.ts";

const NOW_MS = 1_700_000_000_000;
const CONTEXT = { appId: "wx-test", token: "push-token", nowMs: NOW_MS, whenUnavailable: "review" } as const;
const EVENT = {
  Event: "wxa_media_check",
  appid: "wx-test",
  trace_id: "trace-1",
  errcode: 0,
  result: { suggest: "risky", label: 20002 },
};

interface Callback extends AsyncDisposable {
  readonly url: string;
  readonly readings: PushReading[];
}

/** A server that answers pushes as the routes will. */
async function startCallback({ clock }: StartedWechat): Promise<Callback> {
  const readings: PushReading[] = [];
  const http = createServer((request, response) => {
    void text(request).then((body) => {
      const { searchParams: query } = new URL(request.url ?? "/", "http://localhost");
      const reading = readPush({ method: request.method ?? "GET", query, body }, { ...CONTEXT, nowMs: clock.now() });
      readings.push(reading);
      response.statusCode = reading.kind === "refused" ? 403 : 200;
      response.end(reading.kind === "echo" ? reading.text : "success");
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/push`,
    readings,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      http.close();
    },
  };
}

function signed(request: Partial<PushRequest>, parameters: Record<string, string> = {}): PushRequest {
  const { timestamp = "1700000000", nonce = "n", ...others } = parameters;
  const signature = createHash("sha1").update(["push-token", timestamp, nonce].sort().join("")).digest("hex");
  const query = new URLSearchParams({ signature, timestamp, nonce, ...others });
  return { method: "POST", query, body: JSON.stringify(EVENT), ...request };
}

describe("readPush with WeChat's own pushes", () => {
  test.each(["json", "xml"] as const)("reads the verdicts of media checks in %s", async (format) => {
    await using started = await startWechat();
    await using callback = await startCallback(started);
    started.wechat.account("o-ada").login();
    const moderation = createModeration({ api: applicationApi(started), whenUnavailable: "review" });
    const check = (url: string) => moderation.checkMedia(url, { openid: "o-ada", scene: "comment", media: "image" });
    started.wechat.security.judgeMedia("https://example.com/b.png", { suggest: "risky", label: 20002 });
    started.wechat.security.judgeMedia("https://example.com/c.png", undefined);

    const isRegistered = await started.wechat.pushes.register({ url: callback.url, token: "push-token", format });
    const checks = [
      await check("https://example.com/a.png"),
      await check("https://example.com/b.png"),
      await check("https://example.com/c.png"),
    ];
    await started.clock.advance(1_000);
    await eventually(() => started.wechat.pushes.deliveries.length === 3);

    expect(isRegistered).toBe(true);
    expect(callback.readings.slice(1)).toEqual(
      expect.arrayContaining([
        reading(checks[0], { suggest: "pass", label: 100, unjudged: undefined }),
        reading(checks[1], { suggest: "risky", label: 20002, unjudged: undefined }),
        reading(checks[2], { suggest: "review", label: undefined, unjudged: "unavailable" }),
      ]),
    );
  });

  test("does not echo to somebody with another token", async () => {
    await using started = await startWechat();
    await using callback = await startCallback(started);

    expect(await started.wechat.pushes.register({ url: callback.url, token: "guessed" })).toBe(false);
    expect(callback.readings).toEqual([{ kind: "refused", code: "bad_signature" }]);
  });
});

function reading(check: unknown, verdict: object): unknown {
  return { kind: "media_check", traceId: new Map(Object.entries(check ?? {})).get("traceId"), verdict };
}

describe("readPush", () => {
  test("echoes a text as it is", () => {
    const request = signed({ method: "GET", body: "" }, { echostr: "<b>&1" });

    expect(readPush(request, CONTEXT)).toEqual({ kind: "echo", text: "<b>&1" });
  });

  test("takes a signature for five minutes, in either direction", () => {
    const readAt = (timestamp: string): PushReading => readPush(signed({}, { timestamp }), CONTEXT);

    expect(readAt("1699999700").kind).toBe("media_check");
    expect(readAt("1700000300").kind).toBe("media_check");
    expect(readAt("1699999699")).toEqual({ kind: "refused", code: "stale" });
    expect(readAt("1700000301")).toEqual({ kind: "refused", code: "stale" });
    expect(readAt("soon")).toEqual({ kind: "refused", code: "stale" });
  });

  test.each<[string, PushRequest, PushReading]>([
    [
      "no signature",
      { method: "POST", query: new URLSearchParams(), body: JSON.stringify(EVENT) },
      { kind: "refused", code: "bad_signature" },
    ],
    ["a GET without an echo", signed({ method: "GET" }), { kind: "refused", code: "unreadable" }],
    ["no body", signed({ body: "" }), { kind: "refused", code: "unreadable" }],
    ["broken XML", signed({ body: "<xml><Event>" }), { kind: "refused", code: "unreadable" }],
    ["a list", signed({ body: "[]" }), { kind: "refused", code: "unreadable" }],
    ["an event of another kind", signed({ body: '{"Event":"user_enter"}' }), { kind: "other" }],
    ["a message of a user", signed({ body: '{"MsgType":"text"}' }), { kind: "other" }],
    ["an encrypted push", signed({ body: "<xml><Encrypt>x</Encrypt></xml>" }), { kind: "other" }],
    [
      "another application",
      signed({ body: JSON.stringify({ ...EVENT, appid: "wx-other" }) }),
      { kind: "refused", code: "foreign" },
    ],
    [
      "a file that could not be downloaded, whatever else the event says",
      signed({ body: JSON.stringify({ ...EVENT, errcode: -1008, result: { suggest: "pass", label: 100 } }) }),
      {
        kind: "media_check",
        traceId: "trace-1",
        verdict: { suggest: "review", label: undefined, unjudged: "unavailable" },
      },
    ],
    [
      "a check without its id",
      signed({ body: JSON.stringify({ ...EVENT, trace_id: "" }) }),
      { kind: "refused", code: "unreadable" },
    ],
    [
      "a suggestion that WeChat does not make",
      signed({ body: JSON.stringify({ ...EVENT, result: { suggest: "fine", label: 1 } }) }),
      { kind: "refused", code: "unreadable" },
    ],
  ])("tells %s", (_name, request, reading) => {
    expect(readPush(request, CONTEXT)).toEqual(reading);
  });
});
