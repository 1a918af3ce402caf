import { describe, expect, test } from "vitest";
import { parseEndpoint } from "../../src/transports/endpoint.ts";
import { type FetchRequest, longPollTransport } from "../../src/transports/long-poll.ts";
import type { Transport, TransportClose } from "../../src/transports/transport.ts";
import { FakeClock, turn } from "../support.ts";

interface Exchange {
  readonly url: string;
  readonly request: FetchRequest;
  answer(body: unknown): Promise<void>;
  fail(): Promise<void>;
}

interface LongPollWorld {
  readonly clock: FakeClock;
  readonly transport: Transport;
  readonly polls: Exchange[];
  readonly posts: Exchange[];
  readonly heard: unknown[];
  readonly closes: TransportClose[];
}

async function start(token?: string): Promise<LongPollWorld> {
  const clock = new FakeClock();
  const [polls, posts]: [Exchange[], Exchange[]] = [[], []];
  const heard: unknown[] = [];
  const closes: TransportClose[] = [];
  const factory = longPollTransport({
    endpoint: parseEndpoint("http://example.com/socket"),
    clock,
    fetch: (url, request) =>
      new Promise((resolve, reject) => {
        request.signal.addEventListener("abort", () => reject(new Error("aborted")));
        (request.method === "GET" ? polls : posts).push({
          url,
          request,
          async answer(body) {
            resolve({
              json: () => (body === undefined ? Promise.reject(new SyntaxError("not JSON")) : Promise.resolve(body)),
            });
            await turn();
          },
          async fail() {
            reject(new TypeError("network"));
            await turn();
          },
        });
      }),
  });
  const transport = factory.open(
    { params: { vsn: "2.0.0+hutong.1" }, token },
    {
      opened: () => heard.push("opened"),
      received: (frame) => heard.push(frame),
      closed: (close) => closes.push(close),
    },
  );
  await turn();
  return { clock, transport, polls, posts, heard, closes };
}

async function open(): Promise<LongPollWorld> {
  const world = await start();
  await world.polls[0]?.answer({ status: 410, token: "T", messages: [] });
  return world;
}

describe("long poll", () => {
  test("asks for a session with the token, and names the session afterwards", async () => {
    const { heard, polls } = await start("secret");

    expect(polls[0]).toMatchObject({
      url: "http://example.com/socket/longpoll?vsn=2.0.0%2Bhutong.1",
      request: { method: "GET", cache: "no-store", headers: { "X-Phoenix-AuthToken": "secret" } },
    });
    await polls[0]?.answer({ status: 410, token: "T", messages: [] });

    expect(heard).toEqual(["opened"]);
    expect(polls[1]?.request.headers).toEqual({ "X-Phoenix-AuthToken": "secret", "X-Phoenix-LongPoll-Token": "T" });
  });

  test("delivers frames in order and polls again", async () => {
    const { heard, polls } = await open();

    await polls[1]?.answer({ status: 200, token: "T", messages: ["a", "b"] });
    await polls[2]?.answer({ status: 204, token: "T", messages: [] });
    await polls[3]?.answer({ status: 200, token: "T", messages: ["c"] });

    expect(heard).toEqual(["opened", "a", "b", "c"]);
    expect(polls).toHaveLength(5);
  });

  test("sends the frames of one tick in one POST, bytes as base64", async () => {
    const { posts, transport } = await open();

    transport.send('["1"]');
    transport.send(new Uint8Array([0, 1, 255]));
    await turn();

    expect(posts).toHaveLength(1);
    expect(posts[0]?.request).toMatchObject({
      method: "POST",
      headers: { "Content-Type": "application/x-ndjson", "X-Phoenix-LongPoll-Token": "T" },
      body: '["1"]\nAAH/',
    });
  });

  test("has one POST in flight, of at most 100 lines", async () => {
    const { posts, transport } = await open();
    transport.send("first");
    await turn();
    for (let line = 0; line < 150; line++) transport.send(String(line));
    await turn();
    expect(posts).toHaveLength(1);

    await posts[0]?.answer({ status: 200 });
    await posts[1]?.answer({ status: 200 });
    await posts[2]?.answer({ status: 200 });
    transport.send("last");
    await turn();

    expect(posts.map(({ request }) => request.body?.split("\n").length)).toEqual([1, 100, 50, 1]);
    expect(posts[2]?.request.body?.startsWith("100\n")).toBe(true);
  });

  test("a session that is gone closes with 3410", async () => {
    const polled = await open();
    await polled.polls[1]?.answer({ status: 410, token: "U", messages: [] });
    const posted = await open();
    posted.transport.send("a");
    await turn();
    await posted.posts[0]?.answer({ status: 410 });

    expect(polled.closes).toEqual([{ code: 3410, reason: "session gone" }]);
    expect(posted.closes).toEqual([{ code: 3410, reason: "session gone" }]);
    expect(posted.polls[1]?.request.signal.aborted).toBe(true);
  });

  test.each([[{ status: 500 }], [{ status: 200, messages: [] }], [{ status: 410 }], ["text"], [undefined]])(
    "the first answer %j closes with 1006",
    async (body) => {
      const { closes, heard, polls } = await start();

      await polls[0]?.answer(body);

      expect(heard).toEqual([]);
      expect(closes).toEqual([{ code: 1006, reason: "long poll failed" }]);
      expect(polls).toHaveLength(1);
    },
  );

  test("a refusal says so", async () => {
    const { closes, polls } = await start();

    await polls[0]?.answer({ status: 403 });

    expect(closes).toEqual([{ code: 1006, reason: "forbidden" }]);
  });

  test("a network failure, a refused POST and a silent request close with 1006", async () => {
    const failed = await open();
    await failed.polls[1]?.fail();
    const refused = await open();
    refused.transport.send("a");
    await turn();
    await refused.posts[0]?.answer({ status: 408 });
    const silent = await open();
    await silent.clock.advance(20_000);

    for (const { closes } of [failed, refused, silent])
      expect(closes).toEqual([{ code: 1006, reason: "long poll failed" }]);
    expect(silent.polls[1]?.request.signal.aborted).toBe(true);
  });

  test("close aborts what is under way, once, and leaves no timer", async () => {
    const { clock, closes, polls, transport } = await open();

    transport.close(1000, "");
    transport.close(1000, "");
    await turn();

    expect(closes).toEqual([{ code: 1000, reason: "" }]);
    expect(polls[1]?.request.signal.aborted).toBe(true);
    expect(clock.timerCount).toBe(0);
  });

  test.each(["令牌", "two\nlines", "nul\0"])("a token that no header can carry throws: %j", async (token) => {
    await expect(start(token)).rejects.toThrow("the token fits no header");
  });

  test("a token in Latin-1 is sent", async () => {
    const { polls } = await start("é\t ~");

    expect(polls).toHaveLength(1);
  });
});
