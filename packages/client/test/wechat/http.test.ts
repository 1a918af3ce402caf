import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { createPhone, loadRealms, TestAccount } from "./realms.ts";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server that answers as the test says; `"never"` leaves the client waiting. */
async function serve(answer: (received: Received) => Reply | "never") {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body: bytes.toString("utf8") };
      received.push(one);
      const reply = answer(one);
      if (reply !== "never") response.writeHead(reply.status ?? 200, { ...reply.headers }).end(reply.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.each(await loadRealms())("in $name", (realm) => {
  function start(account = new TestAccount()) {
    const phone = createPhone({ account });
    const { client, given } = realm.start(phone);
    const wx = given.wx === undefined ? {} : { wx: given.wx };
    return { phone, client, wx, account };
  }

  describe("sendRequest", () => {
    test("sends JSON and gives status, headers in lower case and the parsed body", async () => {
      await using server = await serve(() => ({ status: 404, headers: { "X-Room": "den" }, body: '{"why":"gone"}' }));
      const { client, wx } = start();

      const response = await client.sendRequest({
        url: `${server.url}/a?b=1`,
        method: "PUT",
        headers: { "x-a": "1" },
        body: { text: "熊猫" },
        ...wx,
      });

      expect(response).toMatchObject({ status: 404, body: { why: "gone" } });
      expect(response.headers.get("x-room")).toBe("den");
      expect(server.received).toMatchObject([
        {
          method: "PUT",
          url: "/a?b=1",
          body: '{"text":"熊猫"}',
          headers: { "content-type": "application/json", "x-a": "1" },
        },
      ]);
    });

    test("a body that is no JSON is text", async () => {
      await using server = await serve(() => ({ body: "hello" }));
      const { client, wx } = start();

      expect(await client.sendRequest({ url: server.url, ...wx })).toMatchObject({ status: 200, body: "hello" });
    });

    test("a request that takes too long, or that a freeze ended, rejects with its code", async () => {
      await using server = await serve(() => "never");
      const { client, wx, phone } = start();
      const late = client.sendRequest({ url: server.url, timeoutMs: 1_000, ...wx });
      const rejected = expect(late).rejects.toMatchObject({ name: "WechatError", code: "timed_out", retryable: true });

      phone.clock.skip(1_000);
      await rejected;
      const frozen = client.sendRequest({ url: server.url, ...wx });
      const interrupted = expect(frozen).rejects.toMatchObject({ code: "interrupted", retryable: true });
      phone.background();
      phone.clock.skip(6_000);
      phone.foreground();

      await interrupted;
    });

    test("the eleventh request at a time rejects with its code", async () => {
      await using server = await serve(() => "never");
      const { client, wx } = start();
      const waiting = Array.from({ length: 10 }, () =>
        client.sendRequest({ url: server.url, ...wx }).catch(() => undefined),
      );

      await expect(client.sendRequest({ url: server.url, ...wx })).rejects.toMatchObject({ code: "too_many_tasks" });

      expect(waiting).toHaveLength(10);
    });

    test("an address that is none of a server rejects with its code", async () => {
      const { client, wx } = start();

      await expect(client.sendRequest({ url: "/login", ...wx })).rejects.toMatchObject({
        code: "domain_not_listed",
        retryable: false,
      });
    });
  });

  describe("uploadFile", () => {
    test("sends the file and its fields, tells of progress, and parses the answer", async () => {
      await using server = await serve(() => ({ status: 201, body: '{"id":"7"}' }));
      const { client, wx, phone } = start();
      phone.files.set("http://tmp/panda.txt", new TextEncoder().encode("bamboo".repeat(30_000)));
      const told: number[] = [];

      const upload = client.uploadFile({
        url: server.url,
        filePath: "http://tmp/panda.txt",
        fields: { room: "1" },
        headers: { authorization: "Bearer t" },
        progress: (sentBytes, totalBytes) => told.push(sentBytes / totalBytes),
        ...wx,
      });

      expect(await upload.response).toMatchObject({ status: 201, body: { id: "7" } });
      expect(told.length).toBeGreaterThan(1);
      expect(told.at(-1)).toBe(1);
      const [request] = server.received;
      expect(request?.headers.authorization).toBe("Bearer t");
      expect(request?.body).toMatch(/name="room"\r\n\r\n1\r\n[^]*name="file"; filename="panda.txt"[^]*bamboobamboo/);
    });

    test("can be aborted", async () => {
      await using server = await serve(() => "never");
      const { client, wx, phone } = start();
      phone.files.set("http://tmp/a", new Uint8Array(10));
      const upload = client.uploadFile({ url: server.url, filePath: "http://tmp/a", ...wx });
      const rejected = expect(upload.response).rejects.toMatchObject({ code: "aborted", retryable: false });

      await eventually(() => server.received.length === 1);
      upload.abort();

      await rejected;
    });
  });

  describe("createLogin", () => {
    /** A server that gives a token for each code, and answers the newest token only. */
    function serveLogin() {
      let tokenCount = 0;
      return serve(({ url, headers, body }) => {
        if (url === "/login") return { body: JSON.stringify({ token: `token-${(tokenCount += 1)} for ${body}` }) };
        return { status: headers.authorization?.startsWith(`Bearer token-${tokenCount} `) === true ? 200 : 401 };
      });
    }

    test("callers at the same time share one login", async () => {
      await using server = await serveLogin();
      const { client, wx, account } = start();
      const login = client.createLogin({ url: `${server.url}/login`, ...wx });

      const tokens = await Promise.all([login.token(), login.token(), login.token()]);

      expect(new Set(tokens)).toEqual(new Set(['token-1 for {"code":"code-1"}']));
      expect(await login.token()).toBe(tokens[0]);
      expect(account.loginCount).toBe(1);
    });

    test("a 401 logs in anew and asks once more, together with all who were refused", async () => {
      await using server = await serveLogin();
      const { client, wx, account } = start();
      const login = client.createLogin({ url: `${server.url}/login`, ...wx });
      await login.token();
      // Somebody else's login makes the server forget this one's token.
      await client.sendRequest({ url: `${server.url}/login`, method: "POST", ...wx });

      const ask = () => login.authorized((headers) => client.sendRequest({ url: `${server.url}/me`, headers, ...wx }));
      const responses = await Promise.all([ask(), ask(), ask()]);

      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(account.loginCount).toBe(2);
    });

    test("a second 401 is the answer", async () => {
      await using server = await serve(({ url }) => (url === "/login" ? { body: '{"token":"t"}' } : { status: 401 }));
      const { client, wx, account } = start();
      const login = client.createLogin({ url: `${server.url}/login`, ...wx });

      const { status } = await login.authorized((headers) => client.sendRequest({ url: server.url, headers, ...wx }));

      expect(status).toBe(401);
      expect(account.loginCount).toBe(2);
    });

    test("a kept token serves the next start as long as WeChat's session lasts", async () => {
      await using server = await serveLogin();
      const { client, wx, account } = start();
      const storage = client.memoryStorage();
      const options = { url: `${server.url}/login`, storage, ...wx };
      const first = await client.createLogin(options).token();

      const second = await client.createLogin(options).token();
      account.isValid = false;
      const third = await client.createLogin(options).token();

      expect([first === second, first === third]).toEqual([true, false]);
      expect(account.loginCount).toBe(2);
    });

    test("a storage that cannot be read or written does not stand in the way", async () => {
      await using server = await serveLogin();
      const { client, wx } = start();
      const broken = (): Promise<never> => Promise.reject(new Error("broken"));
      const storage = { get: broken, set: broken, delete: broken, keys: broken };

      const token = client.createLogin({ url: `${server.url}/login`, storage, ...wx }).token();

      expect(await token).toBe('token-1 for {"code":"code-1"}');
    });

    test("a refusal rejects with its status and without the code, and the next call tries again", async () => {
      let status = 403;
      await using server = await serve(() => ({ status, body: '{"token":"t"}' }));
      const { client, wx } = start();
      const login = client.createLogin({ url: server.url, ...wx });

      await expect(login.token()).rejects.toMatchObject({
        code: "login_refused",
        message: "login was answered with status 403",
      });
      status = 200;

      expect(await login.token()).toBe("t");
    });
  });
});
