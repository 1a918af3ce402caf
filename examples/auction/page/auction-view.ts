import type { Phase } from "../src/auction.ts";
import type { AuctionState } from "./auction-state.ts";
import { toFieldText } from "./money.ts";
import { drawChart } from "./price-chart.ts";
import { type Language, type Words, WORDS } from "./words.ts";

/** What of the page is shown beside the auction itself. */
export interface ViewOptions {
  readonly language: Language;
  readonly serverNow: number;
  readonly isLinked: boolean;
  /** What the last bid came to, if that is worth saying. */
  readonly answer: string;
}

/** The steps of the bid ladder, in steps of the auction above the least bid. */
const RUNGS = [0, 1, 4];
/** From here on the countdown is red. */
const LAST_MS = 30_000;

/** Finds an element of the page. @throws {TypeError} when the page has none of that kind. */
export function find<TElement extends Element>(id: string, kind: new () => TElement): TElement {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new TypeError(`the page has no ${kind.name} "${id}"`);
}

/** Puts what does not change with the auction into the page. */
export function showWords(language: Language): void {
  const { texts } = WORDS[language];
  document.documentElement.lang = language;
  const labels = {
    ...{ absent: texts.absent, "no-bids": texts.noBids },
    ...{ bid: texts.bid, "amount-label": texts.amount, enter: texts.enter, "name-label": texts.name },
    ...{ deposit: texts.payDeposit, cancel: texts.cancel, again: texts.again, language: texts.otherLanguage },
    ...{ "chart-title": texts.chart, "bids-title": texts.bids, theme: texts.theme },
  };
  for (const [id, text] of Object.entries(labels)) setText(id, text);
  find("name", HTMLInputElement).placeholder = texts.name;
}

/** Shows the auction. Called after every change and several times per second, for the countdown. */
export function showAuction(state: AuctionState, options: ViewOptions): void {
  const { snapshot } = state;
  if (snapshot === undefined) return;
  const words = WORDS[options.language];
  const { texts } = words;
  const phase = state.phaseAt(options.serverNow);
  const money = moneyFormat(options.language, snapshot.currency);
  find("page", HTMLElement).hidden = false;
  setText("link", options.isLinked ? `${snapshot.viewers} ${texts.viewers}` : texts.offline);
  setText("phase", words.phases[phase]);
  setText("title", snapshot.title);
  setText("price-label", priceLabel(state, phase, words));
  setText("price", money(snapshot.price));
  const reserve = snapshot.isReserveMet ? texts.reserveMet : texts.reserveNotMet;
  setText("reserve", phase === "scheduled" || phase === "active" ? reserve : "");
  showCountdown(state, words, { phase, ...options });
  showStanding(state, words);
  showControls(state, words, { phase, money, isLinked: options.isLinked });
  setText("answer", options.answer);
}

/** Shows the list of bids and the chart; called when a bid was added, and now and then for the chart's end. */
export function showCourse(state: AuctionState, { language, serverNow }: ViewOptions): void {
  const { snapshot, newestFirst } = state;
  if (snapshot === undefined) return;
  const money = moneyFormat(language, snapshot.currency);
  const time = timeFormat(language);
  const rows = newestFirst.map(({ bidNo, bidder, amount, at }) => {
    const row = document.createElement("li");
    const isMine = state.isOwn(bidNo);
    const name = isMine ? `${bidder} (${WORDS[language].texts.you})` : bidder;
    row.append(cell("span", "number", String(bidNo)), cell("span", isMine ? "mine" : "", name));
    row.append(cell("span", "", money(amount)), cell("time", "", time(at)));
    return row;
  });
  find("bids", HTMLOListElement).replaceChildren(...rows);
  const bids = state.bids.all;
  find("no-bids", HTMLElement).hidden = bids.length > 0;
  find("chart-part", HTMLElement).hidden = bids.length === 0;
  const from = bids[0]?.at ?? snapshot.startAt;
  const to = Math.max(Math.min(serverNow, snapshot.endAt), bids.at(-1)?.at ?? from);
  find("chart", SVGSVGElement).replaceChildren(...drawChart({ bids, from, to, formatMoney: money, formatTime: time }));
}

/** Says that there is no auction to show. */
export function showAbsence(): void {
  find("absent", HTMLElement).hidden = false;
}

// A format takes longer to make than a page to draw, and the page is drawn four times per second.
const moneyFormats = new Map<string, Intl.NumberFormat>();
const timeFormats = new Map<string, Intl.DateTimeFormat>();

/** Cents as money in a language. */
export function moneyFormat(language: Language, currency: string): (cents: number) => string {
  const key = `${language} ${currency}`;
  const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
  const format = moneyFormats.get(key) ?? new Intl.NumberFormat(language, options);
  moneyFormats.set(key, format);
  return (cents) => format.format(cents / 100);
}

function timeFormat(language: Language): (atMs: number) => string {
  const options = { timeStyle: "medium", hour12: false } as const;
  const format = timeFormats.get(language) ?? new Intl.DateTimeFormat(language, options);
  timeFormats.set(language, format);
  return (atMs) => format.format(atMs);
}

function priceLabel({ snapshot, leader = "" }: AuctionState, phase: Phase, { texts }: Words): string {
  if (phase === "sold") return texts.soldTo.replace("%", leader);
  return snapshot?.bidNo === 0 ? texts.startPrice : texts.price;
}

interface Moment {
  readonly phase: Phase;
  readonly serverNow: number;
  readonly language: Language;
}

function showCountdown(state: AuctionState, { texts }: Words, { phase, serverNow, language }: Moment): void {
  const { startAt = 0, endAt = 0 } = state.snapshot ?? {};
  const isDecided = phase === "sold" || phase === "unsold";
  const leftMs = phase === "scheduled" ? startAt - serverNow : phase === "active" ? endAt - serverNow : 0;
  const countdown = find("countdown", HTMLElement);
  find("time-left", HTMLElement).hidden = phase === "cancelled";
  setText("countdown-label", phase === "scheduled" ? texts.startsIn : isDecided ? texts.endedAt : texts.endsIn);
  countdown.dataset["last"] = String(phase === "active" && leftMs < LAST_MS);
  setText("countdown", isDecided ? timeFormat(language)(endAt) : formatDuration(leftMs));
  setText("extended", phase === "active" && state.isExtended ? texts.extended : "");
}

function formatDuration(ms: number): string {
  const seconds = Math.ceil(Math.max(ms, 0) / 1_000);
  const pad = (number: number): string => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ""}${pad(minutes)}:${pad(seconds % 60)}`;
}

function showStanding({ standing, snapshot }: AuctionState, { texts }: Words): void {
  const line = find("standing", HTMLElement);
  const text = standing === "none" ? (snapshot?.you?.isSeller ? texts.yourAuction : "") : texts[standing];
  line.hidden = text === "";
  line.dataset["standing"] = standing === "none" || standing === "lost" ? "over" : standing;
  setText("standing", text);
}

interface ControlOptions {
  readonly phase: Phase;
  readonly money: (cents: number) => string;
  readonly isLinked: boolean;
}

function showControls(state: AuctionState, { texts }: Words, { phase, money, isLinked }: ControlOptions): void {
  const { snapshot, minimum, standing } = state;
  if (snapshot === undefined) return;
  const { you, step, bidNo } = snapshot;
  const isOver = !["scheduled", "active"].includes(phase);
  const isBidder = you !== null && !you.isSeller && you.hasDeposit;
  find("bidding", HTMLFormElement).hidden = !isBidder || isOver;
  find("sign-in", HTMLFormElement).hidden = you !== null;
  find("deposit", HTMLElement).hidden = you === null || you.isSeller || you.hasDeposit || isOver;
  find("cancel", HTMLElement).hidden = !you?.isSeller || isOver || bidNo > 0;
  find("again", HTMLElement).hidden = you === null || !isOver;
  setText("hint", isOver || isBidder || you?.isSeller ? "" : you === null ? texts.signInHint : texts.depositHint);
  const canBid = phase === "active" && standing !== "leading" && isLinked;
  find("bid", HTMLButtonElement).disabled = !canBid;
  find("amount", HTMLInputElement).placeholder = toFieldText(minimum);
  const rungs = [...find("ladder", HTMLElement).querySelectorAll("button")];
  for (const [index, rung] of RUNGS.entries()) {
    const button = rungs[index] ?? createRung();
    const amount = minimum + rung * step;
    button.disabled = !canBid;
    if (button.value === String(amount) && button.textContent === money(amount)) continue;
    button.value = String(amount);
    button.textContent = money(amount);
  }
}

function createRung(): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  find("ladder", HTMLElement).append(button);
  return button;
}

function cell(name: "span" | "time", className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Writes only what is different: screen readers would read a line again that was replaced by itself. */
function setText(id: string, text: string): void {
  const element = find(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
