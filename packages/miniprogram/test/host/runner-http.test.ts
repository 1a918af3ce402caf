import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type DevServer, startDevServer } from "../../src/host/dev-server.ts";
import { folderWith, type TestFolder } from "../support/folder.ts";

// Building the scripts of the phone takes seconds, so all tests ask one server;
// none depends on what another one did.
let folder: TestFolder;
let server: DevServer;

beforeAll(async () => {
  folder = await folderWith({
    "project/app.json": '{"pages":["index"]}',
    "project/index.wxml": "<view/>",
    "project/index.js": "Page({})",
    "project/images/a b.png": "picture",
    "project/images/drawn.svg": "<svg/>",
    "secret.png": "secret",
  });
  server = await startDevServer({ project: join(folder.path, "project"), port: 0, reload: false, basePath: "/phone" });
});

afterAll(async () => {
  await server.close();
  await folder[Symbol.asyncDispose]();
});

/** Sends a request with exactly this target, and gives the answer. */
function rawRequest(target: string, headers = "", host = "localhost"): Promise<string> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1");
    let text = "";
    socket.on("data", (bytes) => (text += bytes.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers || "Connection: close\r\n"}\r\n`);
  });
}

const statusOf = (answer: string): string => answer.split(" ")[1] ?? "";

async function openSession(): Promise<string> {
  const response = await fetch(`${server.url}sessions`, { method: "POST", body: "{}" });
  const { sessionId } = (await response.json()) as { readonly sessionId: string }; // the runner of this package
  return sessionId;
}

const upload = (sessionId: string, type: string, body = "x"): Promise<Response> =>
  fetch(`${server.url}files/${sessionId}`, { method: "POST", body, headers: { "content-type": type } });

describe("a name that leads to this machine", () => {
  test.each([
    ["a foreign one", "evil.example", "421"],
    ["a foreign one with a port", "evil.example:4310", "421"],
    ["none", "", "421"],
    ["localhost", "localhost:4310", "200"],
    ["an address", "127.0.0.1:4310", "200"],
    ["an IPv6 address", "[::1]:4310", "200"],
  ])("%s, %j, is answered with %s", async (_what, host, status) => {
    expect(statusOf(await rawRequest("/phone/", "", host))).toBe(status);
  });
});

describe("addresses of the runner", () => {
  test.each([
    ...["/phone/assets/../../secret.png", "/phone/assets/../secret.png", "/phone/assets/%2e%2e/%2e%2e/secret.png"],
    ...["/phone/assets/..%2f..%2fsecret.png", "/phone/assets/%2e%2e%2fsecret.png", "/phone/assets/..%5csecret.png"],
    ...["/phone/assets/images/..%252f..%252fsecret.png", "/phone/assets//secret.png", "/phone/assets/a%00.png"],
    ...["/phone/assets/index.js", "/phone/assets/app.json", "/phone/assets/", "/phone/%", "/phone/nothing"],
  ])("%s gives nothing", async (target) => {
    expect(statusOf(await rawRequest(target))).toBe("404");
  });

  test("a picture of the project is found by its encoded name", async () => {
    const response = await fetch(`${server.url}assets/images/a%20b.png`);

    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      200,
      "image/png",
      "picture",
    ]);
  });

  test.each(["//", "http://[", "///", "//["])("%s, which is no address, does no harm", async (target) => {
    await rawRequest(target);
    await rawRequest(target, "Connection: Upgrade\r\nUpgrade: websocket\r\n");

    expect((await fetch(server.url)).status).toBe(200);
  });

  test("others belong to somebody else", async () => {
    const answers = await Promise.all(["/", "/phones/", "/phone", "/phone/"].map((target) => rawRequest(target)));

    expect(answers.map(statusOf)).toEqual(["404", "404", "302", "200"]);
  });
});

describe("sessions", () => {
  test("have names that nobody guesses, and each another", async () => {
    const [first, second] = [await openSession(), await openSession()];

    expect([first, second]).toEqual([expect.stringMatching(/^[\w-]{32}$/), expect.stringMatching(/^[\w-]{32}$/)]);
    expect(first).not.toBe(second);
  });

  test.each(["", "guess", "constructor", "__proto__"])("a guess such as %j reaches no file", async (guess) => {
    const answers = [await upload(guess, "text/plain"), await fetch(`${server.url}files/${guess}/x.png`)];

    expect(answers.map(({ status }) => status)).toEqual([403, 404]);
  });

  test.each(["https://evil.example", "null", "http://127.0.0.1", "http://runner.evil:80"])(
    "are not opened for a page of %s, nor are files taken from it",
    async (origin) => {
      const headers = { origin };
      const sessionId = await openSession();

      const answers = [
        await fetch(`${server.url}sessions`, { method: "POST", body: "{}", headers }),
        await fetch(`${server.url}files/${sessionId}`, { method: "POST", body: "x", headers }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    },
  );

  test("do not see each other's files", async () => {
    const [mine, other] = [await openSession(), await openSession()];
    const { path } = (await (await upload(mine, "image/png")).json()) as { readonly path: string }; // as above
    const name = path.slice("http://tmp/".length);

    const answers = await Promise.all([mine, other].map((id) => fetch(`${server.url}files/${id}/${name}`)));

    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
  });

  test("a body that is nonsense opens a phone with defaults; one that is too long opens none", async () => {
    const open = (body: string): Promise<Response> => fetch(`${server.url}sessions`, { method: "POST", body });

    expect([(await open("[")).status, (await open('"text"')).status, (await open("null")).status]).toEqual([
      200, 200, 200,
    ]);
    expect(
      await open("x".repeat(65_537)).then(
        ({ status }) => status,
        () => 500,
      ),
    ).toBe(500);
  });
});

describe("the bus of the runner", () => {
  function refusal(query: string, protocol: string, origin?: string): Promise<string> {
    const webSocket = new WebSocket(`${server.url.replace("http", "ws")}bus${query}`, protocol, {
      ...(origin !== undefined && { origin }),
    });
    return new Promise((resolve) => {
      webSocket.on("open", () => {
        webSocket.terminate();
        resolve("open");
      });
      webSocket.on("error", ({ message }) => resolve(message));
    });
  }

  test.each(["", "?sid=", "?sid=guess", "?sid=__proto__"])("takes nobody with %j", async (query) => {
    expect(await refusal(query, "APPSERVICE##")).toBe("Unexpected server response: 403");
  });

  test("takes the parts of a session from its own page and from frames without an origin, nobody else", async () => {
    const query = `?sid=${await openSession()}`;
    const own = server.url.replace("/phone/", "");

    expect([
      await refusal(query, "APPSERVICE##"),
      await refusal(query, "WEBVIEW_1##", "null"),
      await refusal(query, "CONTROL##", own),
      await refusal(query, "CONTROL##", "https://evil.example"),
      await refusal(query, "HOST##"),
      await refusal(query, "NOBODY##"),
    ]).toEqual([
      ...["open", "open", "open", "Unexpected server response: 403"],
      ...["Unexpected server response: 400", "Unexpected server response: 400"],
    ]);
  });
});

describe("what pages of the runner may do", () => {
  const policyOf = async (path: string): Promise<string> =>
    (await fetch(`${server.url}${path}`)).headers.get("content-security-policy") ?? "";

  test("the frames with code and pages of a project have no origin, and reach only the bus", async () => {
    const { host } = new URL(server.url);
    const [view, service] = [await policyOf("view.html"), await policyOf("service.html")];

    expect(view).toMatch(/^sandbox allow-scripts allow-forms; default-src 'none';/);
    expect(service).toMatch(/^sandbox allow-scripts; default-src 'none';/);
    for (const policy of [view, service]) expect(policy).toContain(`connect-src ws://${host} wss://${host}`);
  });

  test("the script of the logic frame is known by a word that is another one each time", async () => {
    const [first, second] = [await policyOf("service.html"), await policyOf("service.html")];
    const nonce = /'nonce-([\w+/=]{24})'/;

    expect(nonce.exec(first)?.[1]).not.toBe(nonce.exec(second)?.[1]);
    expect(first).not.toContain("'unsafe-inline'");
  });

  test("a strange host header opens no address", async () => {
    const answer = await rawRequest("/phone/view.html", "Host: a; script-src *\r\nConnection: close\r\n");

    expect(answer).not.toContain("script-src *");
  });

  test("the page with the phone is framed by nobody else, and runs no other scripts", async () => {
    expect(await policyOf("")).toContain("default-src 'self'");
    expect(await policyOf("")).toContain("frame-ancestors 'self'");
  });

  test.each(["image/svg+xml", "image/SVG+XML", "text/html", "application/xhtml+xml", "text/javascript"])(
    "a file of a session with the media type %s runs nothing when it is opened",
    async (type) => {
      const sessionId = await openSession();
      const { path } = (await (await upload(sessionId, type, "<script>1</script>")).json()) as {
        readonly path: string;
      }; // as above

      const { headers } = await fetch(`${server.url}files/${sessionId}/${path.slice("http://tmp/".length)}`);

      expect(headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    },
  );

  test("a drawing of the project runs nothing either", async () => {
    expect(await policyOf("assets/images/drawn.svg")).toMatch(/^sandbox; default-src 'none'/);
  });
});

test("a code of the runner's WeChat that was made up is refused", async () => {
  const response = await fetch(`${server.url}wechat/sns/jscode2session?js_code=guess`);

  expect(await response.json()).toEqual({ errcode: 40_029, errmsg: "invalid code" });
});
