import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Visitor } from "../support/browser.ts";
import { describePage } from "../support/page-suite.ts";
import { startTestChat } from "../support/started-chat.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

describePage("the inspector in Chromium", (suite) => {
  test("shows two live clients, and the frames of one of them", async () => {
    await using started = await startTestChat({ pageFolder: suite.built.path });
    const ada = await started.phoenix();
    await started.cable();
    await ada.reply(ada.join("room:lobby", { nickname: "Ada" }));
    await using visitor = await Visitor.open(suite.browser, `${started.chat.url}/inspector`);
    const { page } = visitor;
    const rows = page.getByRole("table").locator("tbody tr");
    await rows.nth(1).waitFor();
    const kinds = await rows.locator(".badge").allTextContents();

    await rows.filter({ hasText: "room:lobby" }).getByRole("link").click();
    await page.getByRole("status").filter({ hasText: "Recording" }).waitFor();
    await ada.reply(ada.push("room:lobby", "new_msg", { body: "hello", token: "a-secret" }));
    const push = page.getByRole("listitem").filter({ has: page.getByRole("img", { name: "From client" }) });
    await push.waitFor();
    await push.getByRole("button").click();

    expect(kinds).toEqual(["phoenix-2", "actioncable-v1-json"]);
    expect(JSON.parse((await push.locator("pre").textContent()) ?? "")).toEqual({ body: "hello", token: "[hidden]" });
    expect(
      await page.locator(".lane-row").filter({ hasText: "room:lobby" }).locator(".stroke").count(),
    ).toBeGreaterThan(1);
    expect(visitor.errors).toEqual([]);
  });

  test("saves frames as JSON lines, and goes back to all connections", async () => {
    await using started = await startTestChat({ pageFolder: suite.built.path });
    const ada = await started.phoenix();
    await using visitor = await Visitor.open(suite.browser, `${started.chat.url}/inspector`);
    const { page } = visitor;
    await page.getByRole("link", { name: `${started.chat.server.nodeId}-1` }).click();
    await page.getByRole("status").filter({ hasText: "Recording" }).waitFor();
    await ada.reply(ada.join("room:lobby"));
    await page.getByRole("img", { name: "From client" }).waitFor();

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export JSON lines" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
    await page.getByRole("link", { name: "All connections" }).click();
    await page.getByRole("table").waitFor();

    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ number: 1, direction: "in", kind: "join", topic: "room:lobby" });
    expect(visitor.errors).toEqual([]);
  });

  test("asks for the admin token, and keeps it out of the address", async () => {
    const admin = { hasInspector: true, token: TOKEN };
    await using started = await startTestChat({ pageFolder: suite.built.path, admin });
    await started.phoenix();
    await using visitor = await Visitor.open(suite.browser, `${started.chat.url}/inspector`);
    const { page } = visitor;

    await page.getByLabel("Token").fill("not-the-token");
    await page.getByRole("button", { name: "Open the inspector" }).click();
    await page.getByRole("alert").filter({ hasText: "not the token" }).waitFor();
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Open the inspector" }).click();
    await page.getByRole("table").waitFor();
    await page.reload();
    await page.getByRole("table").waitFor();

    expect(page.url()).not.toContain(TOKEN);
  });
});
