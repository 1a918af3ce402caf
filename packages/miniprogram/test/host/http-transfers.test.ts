import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { eventually, FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { HttpTransfers, MAX_RESPONSE_BYTES, type NetworkEntry } from "../../src/host/http-transfers.ts";
import { TemporaryFiles } from "../../src/host/temporary-files.ts";
import { UserFiles } from "../../src/host/user-files.ts";
import { Loopback } from "../support/loopback.ts";

interface Report {
  readonly taskId: number;
  readonly state: string;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
}

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Transfers whose host `api.example` is a server of the test. */
async function transfersTo(answer: RequestListener) {
  const seen: Seen[] = [];
  const loopback = await Loopback.start((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString("latin1") });
      answer(request, response);
    });
  });
  const reports: Report[] = [];
  const log: NetworkEntry[] = [];
  const clock = new FakeClock();
  const files = new TemporaryFiles(new UserFiles());
  const map = new Map([
    ["api.example", loopback.url],
    ["other.example", loopback.url],
  ]);
  const transfers = new HttpTransfers({
    ...{ map, files, clock, referer: "https://servicewechat.com/wx1/devtools/page-frame.html" },
    report: (change) => void reports.push(change as Report), // what transfers report has this shape
    log: (entry) => void log.push(entry),
  });
  const create = (args: object): unknown =>
    transfers.api["createTransfer"]?.({ kind: "request", taskId: 1, url: "http://api.example/", ...args });
  const end = async (taskId = 1): Promise<Readonly<Record<string, unknown>>> =>
    eventually(() => {
      const report = reports.find((one) => one.taskId === taskId && ["success", "fail"].includes(one.state));
      if (report?.result === undefined) throw new Error("the transfer goes on");
      return report.result;
    });
  return {
    ...{ seen, reports, log, clock, files, transfers, create, end, loopback },
    [Symbol.asyncDispose]: () => loopback[Symbol.asyncDispose](),
  };
}

const OK: RequestListener = (_, response) => void response.end("ok");

describe("a request", () => {
  test("reports headers, progress and the answer, in this order, and one line for the panel", async () => {
    await using network = await transfersTo((_, response) => {
      response.writeHead(201, { "X-One": ["a", "b"], "set-cookie": ["c=1", "d=2"] }).end("中文");
    });

    network.create({ method: "POST", body: "text" });
    const result = await network.end();

    expect(network.reports.map(({ state }) => state)).toEqual(["headers", "progress", "success"]);
    expect(result).toMatchObject({ statusCode: 201, text: "中文", cookies: ["c=1", "d=2"], errMsg: "request:ok" });
    expect(result["header"]).toMatchObject({ "X-One": "a,b", "set-cookie": "c=1,d=2" });
    expect(result["data"]).toEqual({ base64: "5Lit5paH" });
    expect(network.log).toEqual([
      {
        kind: "request",
        method: "POST",
        url: "http://api.example/",
        status: "201",
        isFailure: false,
        durationMs: 0,
      },
    ]);
  });

  test("that a server refuses is no failure for the application, and one for the panel", async () => {
    await using network = await transfersTo((_, response) => void response.writeHead(500).end());

    network.create({});

    expect(await network.end()).toMatchObject({ statusCode: 500, errMsg: "request:ok" });
    expect(network.log).toMatchObject([{ status: "500", isFailure: true }]);
  });

  test("carries its own headers but those that the host sets, and no line breaks", async () => {
    await using network = await transfersTo(OK);
    const header = {
      ...{ Host: "evil", "Content-Length": "1", Connection: "upgrade", "Transfer-Encoding": "chunked", Upgrade: "x" },
      ...{ Referer: "https://evil/", Expect: "100-continue", "X-Own": "a\r\nX-Injected: b" },
    };

    network.create({ method: "POST", header, body: "four" });
    await network.end();

    expect(network.seen[0]).toMatchObject({ body: "four" });
    expect(network.seen[0]?.headers).toEqual({
      host: new URL(network.loopback.url).host,
      connection: "keep-alive",
      "content-length": "4",
      referer: "https://servicewechat.com/wx1/devtools/page-frame.html",
      "x-own": "aX-Injected: b",
    });
  });

  test.each([
    ["a header name with a space", { header: { "a b": "1" } }],
    ["a header value outside of Latin", { header: { a: "中" } }],
    ["a method with a space", { method: "GET / HTTP/1.1" }],
  ])("%s fails, and nothing is sent", async (_, args) => {
    await using network = await transfersTo(OK);

    network.create(args);

    expect(await network.end()).toMatchObject({ errMsg: expect.stringMatching(/^request:fail /) });
    expect(network.seen).toEqual([]);
  });

  test("a header that is named as a part of every object comes through", async () => {
    await using network = await transfersTo((_, response) => {
      response.setHeader("constructor", "x").setHeader("toString", "y").end();
    });

    network.create({});

    expect((await network.end())["header"]).toMatchObject({ constructor: "x", toString: "y" });
  });

  test("that takes too long ends with the reason", async () => {
    await using network = await transfersTo(() => {});

    network.create({ timeoutMs: 500 });
    await eventually(() => expect(network.seen).toHaveLength(1));
    await network.clock.advance(500);

    expect(await network.end()).toEqual({ errMsg: "request:fail timeout" });
    expect(network.log).toMatchObject([{ status: "timeout", isFailure: true, durationMs: 500 }]);
  });

  test("is given up while the answer is coming", async () => {
    await using network = await transfersTo((_, response) => void response.write("part"));

    network.create({ isChunked: true });
    await eventually(() => expect(network.reports.map(({ state }) => state)).toContain("chunk"));
    void network.transfers.api["abortTransfer"]?.({ taskId: 1 });

    expect(await network.end()).toEqual({ errMsg: "request:fail abort" });
  });

  test("of a mini-program that stands still ends, all at once", async () => {
    await using network = await transfersTo(() => {});
    network.create({ taskId: 1 });
    network.create({ taskId: 2 });

    network.transfers.interrupt("interrupted");

    expect([await network.end(1), await network.end(2)]).toEqual([
      { errMsg: "request:fail interrupted" },
      { errMsg: "request:fail interrupted" },
    ]);
  });

  test("gives its answer in parts when it was asked to", async () => {
    await using network = await transfersTo((_, response) => void response.end("once"));

    network.create({ isChunked: true });
    await network.end();

    expect(network.reports[1]).toEqual({ taskId: 1, state: "chunk", value: { data: { base64: "b25jZQ==" } } });
  });

  test("whose answer has no end is cut off", { timeout: 30_000 }, async () => {
    await using network = await transfersTo((_, response) => {
      response.end(Buffer.alloc(MAX_RESPONSE_BYTES + 1));
    });

    network.create({});

    expect(await network.end()).toEqual({ errMsg: "request:fail response is too large" });
  });

  test("to an address that is refused fails before anything runs, and the panel lists it", async () => {
    await using network = await transfersTo(OK);

    expect(() => network.create({ url: "http://127.0.0.1/" })).toThrow("127.0.0.1 is a private address");
    expect(network.log).toMatchObject([{ url: "http://127.0.0.1/", isFailure: true }]);
    expect(network.reports).toEqual([]);
  });
});

describe("a redirect", () => {
  const redirectTo = (location: string, status = 302): RequestListener => {
    let count = 0;
    return (_, response) => void (count++ === 0 ? response.writeHead(status, { location }).end() : response.end("ok"));
  };

  test.each([
    "http://127.0.0.1:1/",
    "http://2130706433/",
    "//10.0.0.1/x",
    "http://[::ffff:169.254.169.254]/latest/meta-data",
    "http://[2002:7f00:1::]/",
    "http://localhost/",
  ])("to %s is refused", async (location) => {
    await using network = await transfersTo(redirectTo(location));

    network.create({});

    expect(await network.end()).toMatchObject({ errMsg: expect.stringContaining("is a private address") });
    expect(network.seen).toHaveLength(1);
  });

  test.each(["file:///etc/passwd", "ftp://example.com/", "http://"])("to %s fails", async (location) => {
    await using network = await transfersTo(redirectTo(location));

    network.create({});

    expect(await network.end()).toMatchObject({ errMsg: expect.stringMatching(/^request:fail (url|invalid)/i) });
  });

  test.each([
    [301, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [302, "HEAD", "HEAD", ""],
    [307, "POST", "POST", "body"],
    [308, "PUT", "PUT", "body"],
  ])("with %i makes of %s a %s", async (status, method, next, body) => {
    await using network = await transfersTo(redirectTo("/next?a=1", status));

    network.create({ method, ...(body !== "" && { body }) });
    await network.end();

    expect(network.seen[1]).toMatchObject({ method: next, url: "/next?a=1", body });
  });

  test("to the same server keeps what proves who the user is; to another one it is left out", async () => {
    const header = { Authorization: "Bearer x", Cookie: "a=1", "X-Own": "b" };
    await using same = await transfersTo(redirectTo("http://api.example/next"));
    await using other = await transfersTo(redirectTo("http://other.example/next"));

    same.create({ header });
    other.create({ header });
    await Promise.all([same.end(), other.end()]);

    expect(same.seen[1]?.headers).toMatchObject({ authorization: "Bearer x", cookie: "a=1", "x-own": "b" });
    expect(other.seen[0]?.headers).toHaveProperty("authorization");
    expect(other.seen[1]?.headers).not.toHaveProperty("authorization");
    expect(other.seen[1]?.headers).not.toHaveProperty("cookie");
    expect(other.seen[1]?.headers).toMatchObject({ "x-own": "b" });
  });

  test("without an end is followed five times", async () => {
    await using network = await transfersTo((_, response) => void response.writeHead(302, { location: "/" }).end());

    network.create({});

    expect(await network.end()).toMatchObject({ statusCode: 302, errMsg: "request:ok" });
    expect(network.seen).toHaveLength(6);
  });
});

describe("files over the network", () => {
  test("an upload is a form with the fields and the file, and names cannot leave their quotes", async () => {
    await using network = await transfersTo(OK);
    const filePath = network.files.add({ bytes: new Uint8Array([104, 105]), type: "image/png" });

    network.create({
      ...{ kind: "uploadFile", filePath, name: 'f"\r\nX: y', formData: { a: 1, 'b"': "two" } },
      header: { "Content-Type": "text/plain", "X-Own": "c" },
    });
    await network.end();
    const [request] = network.seen;
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(request?.headers["content-type"] ?? "")?.[1];
    const name = filePath.slice("http://tmp/".length);

    expect(request).toMatchObject({ method: "POST", headers: { "x-own": "c" } });
    expect(request?.body.replaceAll(boundary ?? "none", "B").split("\r\n")).toEqual([
      ...["--B", 'Content-Disposition: form-data; name="a"', "", "1"],
      ...["--B", 'Content-Disposition: form-data; name="b%22"', "", "two"],
      ...["--B", `Content-Disposition: form-data; name="f%22  X: y"; filename="${name}"`, "Content-Type: image/png"],
      ...["", "hi", "--B--", ""],
    ]);
  });

  test.each(["http://tmp/none.png", "/etc/passwd", "../../etc/passwd", "file:///etc/passwd"])(
    "an upload of %s finds no file",
    async (filePath) => {
      await using network = await transfersTo(OK);

      expect(() => network.create({ kind: "uploadFile", filePath })).toThrow(`file not found ${filePath}`);
    },
  );

  test("a download is a temporary file with the media type of the answer", async () => {
    await using network = await transfersTo((_, response) => {
      response.writeHead(200, { "Content-Type": "image/png" }).end(Buffer.from([1, 2]));
    });

    network.create({ kind: "downloadFile" });
    const { tempFilePath, errMsg } = await network.end();

    expect(errMsg).toBe("downloadFile:ok");
    expect(network.files.get(String(tempFilePath))).toEqual({ bytes: Buffer.from([1, 2]), type: "image/png" });
  });
});
