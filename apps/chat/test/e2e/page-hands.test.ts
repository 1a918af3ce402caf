import { eventually } from "@hutong/testing";
import { expect, test } from "vitest";
import { STEP_LIMIT_MS } from "../support/browser.ts";
import { describePage } from "../support/page-suite.ts";
import { Person } from "../support/person.ts";
import { startRunningChat } from "../support/running-chat.ts";

/** What has the focus: its element and its name. */
const FOCUSED = `(({ tagName, ariaLabel, textContent }) => tagName + " " + (ariaLabel ?? textContent))(document.activeElement)`;

/** How many stretches of the only video have been played. */
const PLAYED = `document.querySelector(".talk-log video").played.length`;

/** Records a second of a changing canvas; resolves with the bytes of a video. */
const RECORD_VIDEO = `(async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [320, 180];
  const context = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
  const chunks = [];
  recorder.ondataavailable = ({ data }) => chunks.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  for (let frame = 0; frame < 25; frame += 1) {
    context.fillStyle = "hsl(" + frame * 10 + " 80% 50%)";
    context.fillRect(0, 0, 320, 180);
    await new Promise(requestAnimationFrame);
  }
  recorder.stop();
  await stopped;
  return [...new Uint8Array(await new Blob(chunks).arrayBuffer())];
})()`;

describePage("the chat page in somebody's hands", (suite) => {
  test("the keyboard goes from the list to a message's menu and a dialog, and each gives the focus back", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    const { page } = ada;
    const focuses = (name: string): Promise<boolean> =>
      eventually(async () => (await page.evaluate(FOCUSED)) === name, { limitMs: STEP_LIMIT_MS });

    await page.keyboard.press("Control+k");
    await focuses("INPUT Search");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await focuses("TEXTAREA Message");
    await page.keyboard.type("hello");
    await page.keyboard.press("Enter");
    await ada.row("hello").getByText("Sent", { exact: true }).waitFor();
    for (const name of ["Attach", "More"]) {
      await page.keyboard.press("Shift+Tab");
      await focuses(`BUTTON ${name}`);
    }
    await page.keyboard.press("Enter");
    await focuses("BUTTON Reply");
    await page.keyboard.press("Escape");
    await focuses("BUTTON More");

    await page.keyboard.press("Enter");
    for (const name of ["Copy", "React", "Forward"]) {
      await page.keyboard.press("ArrowDown");
      await focuses(`BUTTON ${name}`);
    }
    await page.keyboard.press("Enter");
    await focuses("INPUT Search");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).press("Enter");
    await focuses("BUTTON More");

    await page.getByRole("button", { name: "Search in this chat" }).press("Enter");
    await focuses("INPUT Search in this chat");
    await page.keyboard.press("Escape");
    await focuses("BUTTON Search in this chat");
    expect(ada.errors).toEqual([]);
  });

  test("a message of somebody else is said to screen readers, in the conversation and elsewhere", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    const said = ada.page.locator('[aria-live="polite"].visually-hidden');
    await Promise.all([ada.goTo("/"), grace.open("Ada")]);
    await ada.page.getByRole("list", { name: "Chats" }).waitFor();

    await grace.say("dinner?");
    await said.filter({ hasText: "dinner?" }).waitFor({ state: "attached" });
    await ada.open("Grace");
    await grace.say("at six");

    await said.filter({ hasText: /^at six$/ }).waitFor({ state: "attached" });
  });

  test("a video arrives with a frame of it, and plays when it is pressed", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    await Promise.all([ada.open("Grace"), grace.open("Ada")]);

    const buffer = Buffer.from(await ada.page.evaluate<number[]>(RECORD_VIDEO));
    await ada.page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name: "a.webm", mimeType: "video/webm", buffer });
    await ada.page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
    const video = grace.log.locator("video");
    await video.waitFor();
    const poster = await video.getAttribute("poster");
    const answer = await grace.page.request.get(new URL(poster ?? "", chat.url).href);
    expect([answer.status(), answer.headers()["content-type"]]).toEqual([200, "image/webp"]);
    await grace.log.getByRole("button", { name: "Play: [Video]" }).click();

    await eventually(async () => (await grace.page.evaluate<number>(PLAYED)) > 0, { limitMs: STEP_LIMIT_MS });
    expect([ada.errors, grace.errors]).toEqual([[], []]);
  });

  test("a group without a picture shows the faces of its members", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    await ada.goTo("/?tab=contacts&page=new-group");
    await ada.page.getByLabel("Group name").fill("Tea house");
    await ada.page.getByLabel("Grace").check();
    await ada.page.getByRole("button", { name: "Make the group" }).click();
    await ada.composer.waitFor();

    const faces = ada.page.getByRole("list", { name: "Chats" }).locator(".face-grid > .face");
    await faces.nth(1).waitFor({ timeout: STEP_LIMIT_MS });
    expect((await faces.allTextContents()).sort()).toEqual(["A", "G"]);
  });
});
