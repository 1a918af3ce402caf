import { request } from "node:http";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { StartError } from "../src/config.ts";
import { PAGE, startTestChat } from "./support/started-chat.ts";
import { createTemporaryFolder } from "./support/temporary-folder.ts";
import { WebSocket } from "ws";

describe("startChat", () => {
  test("serves the page with headers that allow only its own scripts and links", async () => {
    await using started = await startTestChat();

    const response = await fetch(started.chat.url);

    expect(response.status).toBe(200);
    expect(await response.text()).toBe(PAGE);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; media-src 'self' blob:; " +
        "style-src 'self'; frame-ancestors 'self'; object-src 'none'",
    );
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("x-frame-options")).toBe("SAMEORIGIN");
  });

  test("says that it is well", async () => {
    await using started = await startTestChat();

    const response = await fetch(`${started.chat.url}/healthz`);

    expect([response.status, await response.text()]).toEqual([200, "ok"]);
  });

  test.each(["/data/token-secret", "/../data/token-secret", "/%2e%2e/token-secret", "/assets/../../data/token-secret"])(
    "never serves the secret, asked for as %s",
    async (path) => {
      await using folder = await createTemporaryFolder();
      await using started = await startTestChat({ dataFolder: folder.at("data") });

      expect(await statusOf(started.chat.port, path)).toBe(404);
    },
  );

  test("gives 404 for what is not there", async () => {
    await using started = await startTestChat();

    expect(await statusOf(started.chat.port, "/nothing")).toBe(404);
  });

  test.each(["/socket/websocket?vsn=2.0.0", "/cable"])("refuses foreign pages at %s", async (path) => {
    await using started = await startTestChat();

    expect(await openFrom(`${started.chat.url}${path}`, "https://elsewhere.example")).toBe(403);
  });

  test("lets in the pages of HUTONG_ORIGINS", async () => {
    await using started = await startTestChat({ origins: ["https://elsewhere.example"] });

    expect(await openFrom(`${started.chat.url}/cable`, "https://elsewhere.example")).toBe(101);
    expect(await openFrom(`${started.chat.url}/cable`, "https://other.example")).toBe(403);
  });

  test("tells a taken port, and how to take another", async () => {
    await using started = await startTestChat();
    const { port } = started.chat;

    await expect(startTestChat({ port })).rejects.toThrow(
      new StartError(`Port ${port} on 127.0.0.1 is taken; stop the other program, or set PORT to another port.`),
    );
  });

  test("a start that fails after it listens gives the port back", async () => {
    // The first timer after the port is taken: that of the watch for ended sessions.
    class BrokenClock extends FakeClock {
      override every(ms: number, run: () => void): () => void {
        if (ms === 500) throw new Error("no timers today");
        return super.every(ms, run);
      }
    }
    const free = await startTestChat();
    const { port } = free.chat;
    await free[Symbol.asyncDispose]();
    const clock = new BrokenClock();

    await expect(startTestChat({ port }, { clock })).rejects.toThrow("no timers today");

    await using again = await startTestChat({ port });
    expect(again.chat.port).toBe(port);
    expect(clock.timerCount).toBe(0);
  });

  test("a close during a drain's delay ends the chat at once, and then the drain is done too", async () => {
    const clock = new FakeClock();
    const failures: unknown[] = [];
    await using started = await startTestChat(
      { drainDelayMs: 60_000 },
      { clock, failed: (_place, error) => failures.push(error) },
    );

    const draining = started.chat.drain();
    await started.chat.close();
    await clock.advance(60_000);
    await draining;

    expect(clock.timerCount).toBe(0);
    expect(failures).toEqual([]);
  });

  test("tells a host that is not of this machine", async () => {
    await expect(startTestChat({ host: "192.0.2.1" })).rejects.toThrow(
      new StartError(`HOST "192.0.2.1" is no address of this machine; set HOST to one, for example 127.0.0.1.`),
    );
  });

  test("tells that the page was not built, and how to build it", async () => {
    await using folder = await createTemporaryFolder();

    await expect(startTestChat({ pageFolder: folder.path })).rejects.toThrow(
      new StartError(`The chat page is missing in ${folder.path}; build it with: npm run build -w apps/web`),
    );
  });
});

/** The status of a request whose path goes out as it is: `fetch` would tidy it up. */
function statusOf(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path }, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

/** The status of a WebSocket handshake that a page of this origin starts. */
function openFrom(url: string, origin: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(url.replace(/^http/, "ws"), ["actioncable-v1-json"], { origin });
    webSocket.once("open", () => {
      webSocket.terminate();
      resolve(101);
    });
    webSocket.once("unexpected-response", (_request, response) => resolve(response.resume().statusCode));
    webSocket.once("error", reject);
  });
}
