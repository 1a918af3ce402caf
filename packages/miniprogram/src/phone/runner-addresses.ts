import { isRecord } from "../is-record.ts";
import { resolveResource } from "../view/resources.ts";
import type { Language } from "./words.ts";

/** Where the runner serves what a phone needs. */
export class RunnerAddresses {
  /** The bus, with the session. */
  readonly bus: string;
  readonly #base: string;
  readonly #files: string;
  readonly #map: ReadonlyMap<string, string>;

  /**
   * `base` is the folder of the runner, ending in a slash; `sessionId` names the session on the bus, and `map` says
   * where hosts lead that the mini-program names.
   */
  constructor(base: string, sessionId: string, map: ReadonlyMap<string, string>) {
    this.#map = map;
    const bus = new URL(`bus?sid=${encodeURIComponent(sessionId)}`, base);
    bus.protocol = bus.protocol === "https:" ? "wss:" : "ws:";
    this.bus = bus.href;
    this.#base = base;
    this.#files = `${base}files/${sessionId}`;
  }

  /** The frame that draws a page. */
  view(webviewId: number, language: Language): string {
    const query = new URLSearchParams({
      id: String(webviewId),
      bus: this.bus,
      assets: `${this.#base}assets/`,
      files: `${this.#files}/`,
      lang: language,
    });
    return `${this.#base}view.html?${query}`;
  }

  /** The frame of the logic layer. */
  logic(): string {
    return `${this.#base}service.html?${new URLSearchParams({ bus: this.bus, worker: `${this.#base}worker.js` })}`;
  }

  /** A picture or a sound that the mini-program names on one of its pages. */
  resource(address: string, pagePath: string): string {
    return resolveResource(address, pagePath, {
      assets: `${this.#base}assets/`,
      files: `${this.#files}/`,
      map: this.#map,
    });
  }

  /** Hands a file to the runner; gives the path that the mini-program uses, and rejects when nothing runs there. */
  async upload(file: Blob): Promise<string> {
    const response = await fetch(this.#files, {
      method: "POST",
      body: file,
      headers: { "content-type": file.type || "application/octet-stream" },
    });
    const result: unknown = await response.json();
    if (!isRecord(result) || typeof result["path"] !== "string") throw new Error("the file was not accepted");
    return result["path"];
  }
}
