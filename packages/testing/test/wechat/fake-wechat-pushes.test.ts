import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { eventually } from "../../src/eventually.ts";
import { FakeClock } from "../../src/fake-clock.ts";
import { FakeWechatPushes } from "../../src/wechat/fake-wechat-pushes.ts";

interface Callback extends AsyncDisposable {
  readonly url: string;
  /** Queries and bodies that came, the registration first. */
  readonly received: { readonly query: URLSearchParams; readonly body: string }[];
}

/** A callback that echoes; or, when it does not, answers everything with `answer`. */
async function startCallback(answer?: string): Promise<Callback> {
  const received: { query: URLSearchParams; body: string }[] = [];
  const http = createServer((request, response) => {
    const { searchParams: query } = new URL(request.url ?? "/", "http://localhost");
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ query, body });
      response.end(answer ?? query.get("echostr") ?? "success");
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/push`,
    received,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      http.close();
    },
  };
}

const EVENT = { Event: "test", count: 2, result: { suggest: "a]]>b" }, detail: [{ label: 1 }, { label: 2 }] };

describe("pushes of the fake WeChat", () => {
  test("go to a callback that echoed, signed, after their delay", async () => {
    await using callback = await startCallback();
    const clock = new FakeClock();
    const pushes = new FakeWechatPushes(clock);

    const isRegistered = await pushes.register({ url: callback.url, token: "push-token" });
    pushes.push(EVENT, 1_000);
    await clock.advance(999);
    const early = callback.received.length;
    await clock.advance(1);
    await eventually(() => pushes.deliveries.length === 1);

    const { query, body } = callback.received[1]!;
    const parts = ["push-token", String(query.get("timestamp")), String(query.get("nonce"))].sort();
    expect({ isRegistered, early }).toEqual({ isRegistered: true, early: 1 });
    expect(query.get("signature")).toBe(createHash("sha1").update(parts.join("")).digest("hex"));
    expect(JSON.parse(body)).toEqual(EVENT);
    expect(pushes.deliveries).toEqual([{ body, status: 200, answer: "success" }]);
    await pushes.close();
  });

  test("are XML where the target wants it", async () => {
    await using callback = await startCallback();
    const clock = new FakeClock();
    const pushes = new FakeWechatPushes(clock);
    await pushes.register({ url: callback.url, token: "push-token", format: "xml" });

    pushes.push(EVENT, 0);
    await clock.advance(0);
    await eventually(() => pushes.deliveries.length === 1);

    expect(callback.received[1]?.body).toBe(
      "<xml><Event><![CDATA[test]]></Event><count>2</count>" +
        "<result><suggest><![CDATA[a]]]]><![CDATA[>b]]></suggest></result>" +
        "<detail><label>1</label></detail><detail><label>2</label></detail></xml>",
    );
    await pushes.close();
  });

  test("do not go to a callback that does not echo", async () => {
    await using callback = await startCallback("forbidden");
    const clock = new FakeClock();
    const pushes = new FakeWechatPushes(clock);

    expect(await pushes.register({ url: callback.url, token: "push-token" })).toBe(false);
    pushes.push(EVENT, 0);
    await clock.advance(0);

    expect(callback.received.length).toBe(1);
    await pushes.close();
  });

  test("note a callback that is gone", async () => {
    const clock = new FakeClock();
    const pushes = new FakeWechatPushes(clock);
    {
      await using callback = await startCallback();
      await pushes.register({ url: callback.url, token: "push-token" });
    }

    pushes.push(EVENT, 0);
    await clock.advance(0);

    await eventually(() => expect(pushes.deliveries).toMatchObject([{ status: 0, answer: "" }]));
    await pushes.close();
  });

  test("are given up with the cloud", async () => {
    const clock = new FakeClock();
    const pushes = new FakeWechatPushes(clock);
    pushes.push(EVENT, 1_000);

    await pushes.close();

    expect(clock.timerCount).toBe(0);
  });
});
