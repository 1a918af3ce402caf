import type { Bridge } from "../bus/bridge.ts";
import { isRecord } from "../is-record.ts";
import type { Pages } from "./pages.ts";

/** The data of the open pages, for the panel beside the phone: sent once somebody has asked for it. */
export class PageData {
  readonly #pages: Pages;
  readonly #bridge: Bridge;
  #isWatched = false;

  /** Sends nothing yet. */
  constructor(pages: Pages, bridge: Bridge) {
    this.#pages = pages;
    this.#bridge = bridge;
  }

  /** Answers the panel from now on. */
  listen(): void {
    this.#bridge.on("GET_APP_DATA", () => {
      this.#isWatched = true;
      this.changed();
    });
    this.#bridge.on("WRITE_APP_DATA", (data) => this.#write(data));
  }

  /** Something may have changed: sends all data when somebody watches. */
  changed(): void {
    if (!this.#isWatched) return;
    const pages = this.#pages.current.map(({ webviewId, path, component }) => ({
      webviewId,
      path,
      data: component.data as unknown,
    }));
    this.#bridge.send({ command: "SEND_APP_DATA", data: pages });
  }

  #write(data: unknown): void {
    if (!isRecord(data) || !isRecord(data["data"])) return;
    this.#pages.page(Number(data["webviewId"]))?.component.setData({ ...data["data"] });
    this.changed();
  }
}
