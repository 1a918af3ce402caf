import { createSocket } from "@hutong/client";
import type { AuctionContract } from "./auction-contract.ts";
import { AuctionState } from "./auction-state.ts";
import { find, moneyFormat, showAbsence, showAuction, showCourse, showWords } from "./auction-view.ts";
import { pageClock } from "./clock.ts";
import { parseCents } from "./money.ts";
import { placeBid } from "./place-bid.ts";
import { newestAuction, openAuction, payDeposit, readToken, signIn } from "./server-api.ts";
import { measureOffset } from "./server-time.ts";
import { type Language, WORDS } from "./words.ts";

/** How often the countdown is drawn, the chart's end is moved, and the clocks are compared, in milliseconds. */
const DRAW_MS = 250;
const COURSE_MS = 5_000;
const COMPARE_MS = 45_000;

const state = new AuctionState();
const token = await readToken();
const auctionId = new URLSearchParams(location.search).get("id") ?? (await newestAuction()) ?? "none";
let language: Language = readLanguage();
let answer = "";
let offsetMs = 0;

const socket = createSocket("/socket", {
  ...(token !== undefined && {
    token: async () => {
      const current = await readToken();
      // The token has expired: this page belongs to a bidder who is none any more.
      if (current === undefined) location.reload();
      return current ?? "";
    },
  }),
});
const channel = socket.channel<AuctionContract>(`auction:${auctionId}`);

channel.on("snapshot", (snapshot) => {
  state.reset(snapshot);
  void compareClocks();
  void closeGap();
  draw();
});
channel.on("price", (change) => {
  state.raise(change);
  void closeGap();
  draw();
});
channel.on("ended", (decision) => {
  state.end(decision);
  draw();
});
channel.onState(({ kind }) => {
  if (kind === "refused") showAbsence();
  draw();
});
socket.connect();

find("bidding", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  const amount = parseCents(find("amount", HTMLInputElement).value);
  if (amount !== undefined) void bid(amount);
});
find("ladder", HTMLElement).addEventListener("click", ({ target }) => {
  if (target instanceof HTMLButtonElement) void bid(Number(target.value));
});
find("sign-in", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(async () => {
    await signIn(find("name", HTMLInputElement).value);
    location.reload();
  });
});
find("deposit", HTMLElement).addEventListener("click", () => {
  if (token === undefined) return;
  void attempt(async () => {
    await payDeposit(token);
    state.deposited();
  });
});
find("cancel", HTMLElement).addEventListener("click", () => void attempt(() => channel.push("cancel", {})));
find("again", HTMLElement).addEventListener("click", () => {
  const { title, step = 500 } = state.snapshot ?? {};
  if (token === undefined || title === undefined) return;
  const sale = { title, startPrice: 10_000, step, reserve: 20_000, minutes: 10 };
  void attempt(async () => location.assign(`/?id=${await openAuction(token, sale)}`));
});
find("language", HTMLElement).addEventListener("click", () => {
  language = language === "en" ? "zh" : "en";
  localStorage.setItem("hutong-auction-language", language);
  showWords(language);
  draw();
});
find("theme", HTMLElement).addEventListener("click", () => {
  const isDark = (document.documentElement.dataset["theme"] ?? systemTheme()) === "dark";
  useTheme(isDark ? "light" : "dark");
});

useTheme(localStorage.getItem("hutong-auction-theme"));
showWords(language);
pageClock.every(DRAW_MS, () => showAuction(state, viewOptions()));
pageClock.every(COURSE_MS, () => showCourse(state, viewOptions()));
pageClock.every(COMPARE_MS, () => void compareClocks());
// A page that slept has a clock that may have been set meanwhile.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void compareClocks();
});
// What becomes of it, now and after each reconnection, is a matter of the channel's state.
channel.join().catch(() => {});

/** Does what was asked for, and says it when that did not work. */
async function attempt(act: () => unknown): Promise<void> {
  answer = "";
  try {
    await act();
  } catch {
    answer = WORDS[language].texts.failed; // whatever it was, all that helps is another try
  }
  draw();
}

async function bid(amount: number): Promise<void> {
  const { texts, results } = WORDS[language];
  answer = "";
  try {
    const {
      result,
      original,
      bidNo,
      amount: placed,
      minimum = 0,
    } = await placeBid(channel, crypto.randomUUID(), amount);
    if (bidNo !== undefined) state.accepted(bidNo, placed);
    const money = moneyFormat(language, state.snapshot?.currency ?? "CNY");
    answer = results[original ?? result].replace("%", money(minimum));
    if (bidNo !== undefined) find("amount", HTMLInputElement).value = "";
  } catch {
    answer = texts.unclear; // whatever it was, the bidder has to look at the list
  }
  draw();
}

/** Asks for bids that this page did not hear of. */
async function closeGap(): Promise<void> {
  try {
    for (;;) {
      const after = state.bids.gapBefore(state.snapshot?.bidNo ?? 0);
      if (after === undefined) return;
      const { bids } = await channel.push("bids", { after });
      if (bids.length === 0) return;
      state.bids.add(bids);
      draw();
    }
  } catch {
    // The link is gone; the snapshot of the next join has them.
  }
}

async function compareClocks(): Promise<void> {
  try {
    offsetMs = await measureOffset(async () => {
      const { serverNow, viewers } = await channel.push("clock", {});
      state.count(viewers);
      return serverNow;
    }, pageClock.now);
  } catch {
    // The link is gone; the next join compares again.
  }
}

function viewOptions() {
  return { language, serverNow: pageClock.now() + offsetMs, isLinked: channel.state.kind === "joined", answer };
}

function draw(): void {
  showAuction(state, viewOptions());
  showCourse(state, viewOptions());
}

function readLanguage(): Language {
  const chosen = localStorage.getItem("hutong-auction-language") ?? navigator.language;
  return chosen.startsWith("zh") ? "zh" : "en";
}

function systemTheme(): "light" | "dark" {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function useTheme(theme: string | null): void {
  if (theme !== "light" && theme !== "dark") return;
  document.documentElement.dataset["theme"] = theme;
  localStorage.setItem("hutong-auction-theme", theme);
}
