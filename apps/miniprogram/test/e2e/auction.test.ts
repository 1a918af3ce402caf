import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "@hutong/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildClient } from "../support/client-build";
import { CHROMIUM, launchBrowser, openPhone } from "../support/phone";

/** For all of one test, in milliseconds: a page on a busy machine. */
const TEST_LIMIT_MS = 60_000;

/** An auction's server that keeps its answers to itself until it is told, and counts who wants a link. */
async function startSlowServer() {
  const waiting: ServerResponse[] = [];
  const paths: string[] = [];
  const server = createServer((_, response) => void waiting.push(response));
  server.on("upgrade", (request, socket) => {
    paths.push(request.url ?? "");
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on a port, so its address is one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    waiting,
    paths,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.skipIf(CHROMIUM === undefined)("the auction on a phone", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    [browser] = await Promise.all([launchBrowser(), buildClient()]);
  });

  afterAll(async () => {
    await browser?.close();
  });

  test("opens no link when its page was left before the server has answered", async () => {
    await using server = await startSlowServer();
    const map = new Map([["auction.example.com", server.url]]);
    await using phone = await openPhone(browser, { map, reload: false, query: "?path=/pages/auction/auction" });
    await eventually(() => expect(server.waiting).toHaveLength(1), { limitMs: 15_000 });

    await phone.page.getByRole("button", { name: "More" }).click();
    await phone.page.getByRole("button", { name: "Home" }).click();
    await phone.find(".wechat").waitFor();
    server.waiting[0]?.setHeader("content-type", "application/json").end('{"id":1}');
    await phone.page.getByRole("tab", { name: "Network" }).click();
    await phone.page.locator(".panel-body.network").getByText("/api/auctions/newest").waitFor();
    // A way to the logic layer and back: what the answer leads to has happened.
    await phone.find(".way").last().click();
    await phone.find(".username").waitFor();

    expect(server.paths).toEqual([]);
  });
});
