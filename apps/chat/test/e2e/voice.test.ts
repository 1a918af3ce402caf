import { eventually } from "@hutong/testing";
import { expect, test } from "vitest";
import { STEP_LIMIT_MS } from "../support/browser.ts";
import { describePage } from "../support/page-suite.ts";
import { Person } from "../support/person.ts";
import { startRunningChat } from "../support/running-chat.ts";

/** Gives the page a microphone that hums: the machine need not have one. */
const HUM = `navigator.mediaDevices.getUserMedia = async () => {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const destination = audio.createMediaStreamDestination();
  tone.connect(destination);
  tone.start();
  return destination.stream;
};`;

/** How far the recording has been played, in seconds. */
const PLAYED = `document.querySelector("audio").currentTime`;

describePage("a voice message in Chromium", (suite) => {
  test("is recorded by one and played by the other", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    await Promise.all([ada.open("Grace"), grace.open("Ada")]);
    await ada.page.evaluate(HUM);

    await ada.page.getByRole("button", { name: "Record a voice message" }).click();
    await ada.page.getByText(/^Recording 0:0[1-9]$/).waitFor();
    await ada.page.getByRole("button", { name: "Send" }).click();
    await grace.log.getByRole("button", { name: /^Play: \[Voice\] 0:/ }).click();

    await eventually(async () => (await grace.page.evaluate<number>(PLAYED)) > 0, { limitMs: STEP_LIMIT_MS });
    expect([ada.errors, grace.errors]).toEqual([[], []]);
  });
});
