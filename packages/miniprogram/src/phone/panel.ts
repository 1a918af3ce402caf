import { isRecord, numberOf, textOf } from "../is-record.ts";
import { make } from "./dom.ts";
import type { Words } from "./words.ts";

/** The parts of the panel, in their order. */
const TABS = ["console", "network", "storage", "data", "bus"] as const;
type Tab = (typeof TABS)[number];

const MAX_LINES = 500;
/** Lines of a stack trace that belong to the runner: nobody who writes a mini-program can do anything about them. */
const RUNNER_FRAMES = /\n +at [^\n]*\/worker\.js:\d+:\d+\)?/g;

/** What the panel needs of the phone. */
export interface PanelOptions {
  readonly words: Words;
  /** The bus is looked at, or not any more. */
  watchBus(isOn: boolean): void;
  /** The data of pages is looked at. */
  watchData(): void;
  /** A field of a page was changed by hand. */
  writeData(webviewId: number, data: object): void;
  /** Everything in the storage is to go. */
  clearStorage(): void;
}

/** The panel beside the phone: console, network, storage, data of pages, traffic of the bus. */
export class Panel {
  /** Where it is drawn. */
  readonly element: HTMLElement;
  readonly #options: PanelOptions;
  readonly #tabs = new Map<Tab, HTMLElement>();
  readonly #bodies = new Map<Tab, HTMLElement>();
  #open: Tab = "console";
  #errorCount = 0;

  /** Draws the panel with its console open. */
  constructor(options: PanelOptions) {
    this.#options = options;
    const list = make("div", { class: "panel-tabs", attributes: { role: "tablist" } });
    for (const tab of TABS) {
      const button = make("button", { attributes: { role: "tab" }, onClick: () => this.show(tab) }, options.words[tab]);
      this.#tabs.set(tab, button);
      this.#bodies.set(
        tab,
        make("div", {
          class: `panel-body ${tab}`,
          attributes: { role: "tabpanel", "data-empty": options.words.empty },
        }),
      );
      list.append(button);
    }
    const clear = make("button", { class: "panel-clear", onClick: () => this.#clear() }, options.words.clear);
    const head = make("div", { class: "panel-head" }, list, clear);
    this.element = make("aside", { class: "panel" }, head, ...this.#bodies.values());
    this.show("console");
  }

  /** Opens a part. */
  show(tab: Tab): void {
    this.#open = tab;
    for (const name of TABS) {
      this.#tabs.get(name)?.setAttribute("aria-selected", String(name === tab));
      const body = this.#bodies.get(name);
      if (body !== undefined) body.hidden = name !== tab;
    }
    this.#options.watchBus(tab === "bus");
    if (tab === "data") this.#options.watchData();
  }

  /** Adds a line of the console. */
  addConsole(data: unknown): void {
    if (!isRecord(data)) return;
    const level = textOf(data["level"], "log");
    if (level === "error") this.#countError();
    const text = textOf(data["text"]).replaceAll(RUNNER_FRAMES, "");
    this.#add("console", make("pre", { class: `line ${level}` }, text));
  }

  /** Adds a finished transfer. */
  addNetwork(data: unknown): void {
    if (!isRecord(data)) return;
    const { kind, method, url, status, isFailure, durationMs } = data;
    const time = numberOf(durationMs) > 0 ? `${Math.round(numberOf(durationMs))} ms` : "";
    const parts = [textOf(kind), textOf(method), textOf(url), textOf(status), time];
    const className = isFailure === true ? "line row failed" : "line row";
    this.#add("network", make("div", { class: className }, ...parts.map((part) => make("span", {}, part))));
  }

  /** Shows the storage as it is now. */
  showStorage(data: unknown): void {
    const entries = isRecord(data) ? Object.entries(data) : [];
    this.#bodies
      .get("storage")
      ?.replaceChildren(
        ...entries.map(([key, value]) =>
          make("div", { class: "line row" }, make("b", {}, key), make("code", {}, String(value))),
        ),
      );
  }

  /** Shows the data of the pages. */
  showData(data: unknown): void {
    const pages = Array.isArray(data) ? data.filter(isRecord) : [];
    const body = this.#bodies.get("data");
    if (body === undefined || body.contains(document.activeElement)) return;
    body.replaceChildren(...pages.toReversed().map((page) => this.#dataOf(page)));
  }

  /** Adds a message of the bus. */
  addTraffic(data: unknown): void {
    if (!isRecord(data)) return;
    const { from, to, command, name, length, text } = data;
    const head = make(
      "summary",
      {},
      make("b", {}, textOf(command)),
      ` ${textOf(name)} `,
      make("span", { class: "faint" }, `${textOf(from)} → ${textOf(to)} · ${numberOf(length)}`),
    );
    this.#add("bus", make("details", { class: "line" }, head, make("pre", {}, textOf(text))));
  }

  /** Forgets what belongs to the run that has ended. */
  restart(): void {
    this.#bodies.get("data")?.replaceChildren();
    if (this.#open === "data") this.#options.watchData();
  }

  #dataOf(page: Readonly<Record<string, unknown>>): HTMLElement {
    const area = make("textarea", {
      class: "data-area",
      attributes: { spellcheck: "false", "aria-label": textOf(page["path"]) },
    });
    area.value = JSON.stringify(page["data"], undefined, 2) ?? "";
    area.rows = Math.min(30, area.value.split("\n").length + 1);
    area.addEventListener("change", () => {
      try {
        const value: unknown = JSON.parse(area.value);
        area.classList.remove("broken");
        if (isRecord(value)) this.#options.writeData(numberOf(page["webviewId"]), value);
      } catch {
        // It is being typed.
        area.classList.add("broken");
      }
    });
    return make("section", { class: "line" }, make("b", {}, textOf(page["path"])), area);
  }

  #add(tab: Tab, line: HTMLElement): void {
    const body = this.#bodies.get(tab);
    if (body === undefined) return;
    const isAtEnd = body.scrollTop + body.clientHeight >= body.scrollHeight - 20;
    body.append(line);
    if (body.childElementCount > MAX_LINES) body.firstElementChild?.remove();
    if (isAtEnd) body.scrollTop = body.scrollHeight;
  }

  #countError(): void {
    this.#errorCount++;
    this.#tabs.get("console")?.setAttribute("data-count", String(this.#errorCount));
  }

  #clear(): void {
    this.#bodies.get(this.#open)?.replaceChildren();
    if (this.#open === "storage") this.#options.clearStorage();
    if (this.#open !== "console") return;
    this.#errorCount = 0;
    this.#tabs.get("console")?.removeAttribute("data-count");
  }
}
