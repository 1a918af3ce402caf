import { describe, expect, test } from "vitest";
import { type StartedAuction, startedAuction } from "./support/started-auction.ts";

const SALE = { title: "A lantern", startPrice: 100, step: 10, reserve: 0, minutes: 5 };

function post({ url }: StartedAuction, path: string, body: unknown, token = ""): Promise<Response> {
  const headers = { "content-type": "application/json", ...(token !== "" && { authorization: `Bearer ${token}` }) };
  return fetch(url + path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
}

describe("the routes", () => {
  test("somebody signs in, pays the deposit and opens an auction, which is then the newest", async () => {
    await using started = await startedAuction();

    const { token } = await (await post(started, "/api/people", { name: " Ada " })).json();
    const deposit = await post(started, "/api/deposit", {}, token);
    const opened = await post(started, "/api/auctions", SALE, token);
    const me = await fetch(`${started.url}/api/people/me`, { headers: { authorization: `Bearer ${token}` } });

    expect(await me.json()).toEqual({ name: "Ada" });
    expect(await deposit.json()).toEqual({ hasDeposit: true });
    expect({ status: opened.status, body: await opened.json() }).toEqual({ status: 201, body: { id: 1 } });
    expect(await (await fetch(`${started.url}/api/auctions/newest`)).json()).toEqual({ id: 1 });
  });

  test.each([
    ["/api/people", { name: " " }],
    ["/api/people", { name: "x".repeat(31) }],
    ["/api/people", { name: "A\u0000da" }],
    ["/api/people", "{"],
    ["/api/people", "null"],
    ["/api/auctions", { ...SALE, step: 0 }],
    ["/api/auctions", { ...SALE, startPrice: 0.5 }],
    ["/api/auctions", { ...SALE, minutes: -1 }],
    ["/api/auctions", { ...SALE, title: "A\u0000 lantern" }],
  ])("%s does not take %j", async (path, body) => {
    await using started = await startedAuction();
    const { token } = await started.enter("Ada");

    expect((await post(started, path, body, token)).status).toBe(400);
  });

  test.each(["/api/deposit", "/api/auctions"])("%s takes a token that is good", async (path) => {
    await using started = await startedAuction();

    expect((await post(started, path, SALE)).status).toBe(401);
    expect((await post(started, path, SALE, "header.payload.signature")).status).toBe(401);
  });

  test("a body beyond 4 KiB is not read", async () => {
    await using started = await startedAuction();

    expect((await post(started, "/api/people", { name: "x".repeat(5_000) })).status).toBe(413);
  });

  test("the page comes with its script and style, and loads nothing from elsewhere", async () => {
    await using started = await startedAuction();

    const [page, script, style] = await Promise.all(
      ["/", "/main.js", "/style.css"].map((path) => fetch(started.url + path)),
    );

    expect(page?.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect([page, script, style].map((response) => response?.headers.get("content-type"))).toEqual([
      "text/html; charset=utf-8",
      "text/javascript; charset=utf-8",
      "text/css; charset=utf-8",
    ]);
  });
});
