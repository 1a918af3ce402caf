import { signal, type TokenSource } from "@hutong/chat-client";
import { SERVERS } from "../config";

/** Most paths that are remembered; WeChat itself deletes old temporary files. */
const MAX_PATHS = 400;
/** WeChat runs ten transfers at a time; this leaves room for calls and uploads. */
const MAX_DOWNLOADS = 4;

/**
 * Files of the server as files of the phone. An `<image>` sends no header, so what only members may see is downloaded
 * first. Whoever asks for a path that is not there yet follows it: `of` reads a signal.
 */
export class FilePaths {
  readonly #tokens: TokenSource;
  /** Changes with every path that is found. */
  readonly #version = signal(0);
  readonly #found = new Map<string, string>();
  readonly #asked = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(tokens: TokenSource) {
    this.#tokens = tokens;
  }

  /** The path of a file; `""` until it is there, and when it cannot be had. */
  of(fileId: string, size: "whole" | "thumbnail" = "whole"): string {
    void this.#version.value;
    const key = `${fileId}/${size}`;
    const found = this.#found.get(key) ?? "";
    if (found !== "" || this.#asked.has(key)) return found;
    this.#asked.add(key);
    void this.#load(fileId, size).then((path) => {
      if (path !== "") this.#remember(key, path);
    });
    return "";
  }

  /** Resolves with the path of a file; with `""` when it cannot be had. */
  async load(fileId: string): Promise<string> {
    const found = this.#found.get(`${fileId}/whole`);
    if (found !== undefined) return found;
    const path = await this.#load(fileId, "whole");
    if (path !== "") this.#remember(`${fileId}/whole`, path);
    return path;
  }

  /** Asks again for what could not be had. */
  retry(): void {
    for (const key of this.#asked) if (!this.#found.has(key)) this.#asked.delete(key);
    this.#version.value += 1;
  }

  #remember(key: string, path: string): void {
    this.#found.set(key, path);
    const [oldest] = this.#found.keys();
    if (this.#found.size > MAX_PATHS && oldest !== undefined) {
      this.#found.delete(oldest);
      this.#asked.delete(oldest);
    }
    this.#version.value += 1;
  }

  async #load(fileId: string, size: "whole" | "thumbnail"): Promise<string> {
    if (this.#running >= MAX_DOWNLOADS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      const small = size === "thumbnail" ? await this.#download(`/api/files/${fileId}/thumbnail`) : "";
      // Without a thumbnail the picture itself is small.
      return small === "" ? await this.#download(`/api/files/${fileId}`) : small;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #download(path: string): Promise<string> {
    // Whoever is not signed in sees no file.
    const token = await this.#tokens.token().catch(() => undefined);
    if (token === undefined) return "";
    return new Promise((resolve) => {
      wx.downloadFile({
        url: SERVERS.chat + path,
        header: { authorization: `Bearer ${token}` },
        success: ({ statusCode, tempFilePath }) => resolve(statusCode === 200 ? tempFilePath : ""),
        fail: () => resolve(""),
      });
    });
  }
}
