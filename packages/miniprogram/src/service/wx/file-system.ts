import type { InvokeResult } from "../../bus/message.ts";
import { isRecord, textOf } from "../../is-record.ts";
import { decodeData, fromBase64, toBase64 } from "./binary.ts";
import type { Invoke } from "./network.ts";
import { ApiError, settle } from "./results.ts";

type Arguments = Readonly<Record<string, unknown>>;
type Content = string | ArrayBuffer;

/** Where an application may write. */
const USER_FOLDER = "http://usr";

/** Files of a mini-program: its own folder in memory, and temporary files, which the host holds. */
export class FileSystem {
  readonly #invoke: Invoke;
  readonly #files = new Map<string, Content>();

  /** `invoke` reaches the temporary files. */
  constructor(invoke: Invoke) {
    this.#invoke = invoke;
  }

  /** What `wx.getFileSystemManager` gives. */
  readonly manager: Readonly<Record<string, unknown>> = this.#createManager();

  #createManager(): Readonly<Record<string, unknown>> {
    const operations: Readonly<Record<string, (args: Arguments) => object | Promise<object>>> = {
      readFile: (args) => this.#read(args),
      writeFile: ({ filePath, data, encoding }) => this.#write(textOf(filePath), contentOf(data, encoding)),
      appendFile: ({ filePath, data, encoding }) => this.#append(textOf(filePath), contentOf(data, encoding)),
      access: ({ path }) => ({ found: this.#need("access", textOf(path)) }),
      unlink: ({ filePath }) => this.#remove(textOf(filePath)),
      copyFile: ({ srcPath, destPath }) => this.#copy(textOf(srcPath), textOf(destPath)),
      saveFile: ({ tempFilePath, filePath }) =>
        this.#copy(textOf(tempFilePath), textOf(filePath, `${USER_FOLDER}/${this.#files.size}`)),
      mkdir: () => ({}),
      rmdir: () => ({}),
      readdir: ({ dirPath }) => ({ files: this.#list(textOf(dirPath)) }),
      stat: ({ path }) => ({ stats: this.#stat(textOf(path)) }),
      getFileInfo: ({ filePath }) => ({ size: this.#stat(textOf(filePath)).size }),
      getSavedFileList: () => ({
        fileList: this.#list(USER_FOLDER).map((name) => ({ filePath: `${USER_FOLDER}/${name}` })),
      }),
    };
    return {
      ...Object.fromEntries(
        Object.entries(operations).map(([name, run]) => [name, (args: unknown) => void later(name, args, run)]),
      ),
      readFileSync: (path: string, encoding?: string) => decoded(this.#need("readFileSync", path), encoding),
      writeFileSync: (path: string, data: unknown, encoding?: string) =>
        void this.#write(path, contentOf(data, encoding)),
      appendFileSync: (path: string, data: unknown, encoding?: string) =>
        void this.#append(path, contentOf(data, encoding)),
      accessSync: (path: string) => void this.#need("accessSync", path),
      unlinkSync: (path: string) => void this.#remove(path),
      mkdirSync: () => {},
      rmdirSync: () => {},
      readdirSync: (path: string) => this.#list(path),
      statSync: (path: string) => this.#stat(path),
    };
  }

  async #read({ filePath, encoding }: Arguments): Promise<object> {
    const path = textOf(filePath);
    const own = this.#files.get(path);
    if (own !== undefined) return { data: decoded(own, encoding) };
    const result = await this.#invoke("readFile", { filePath: path });
    if (!result.errMsg.endsWith(":ok")) throw new ApiError(result);
    const data = decodeData(result["data"]);
    return { data: data instanceof ArrayBuffer ? decoded(data, encoding) : data };
  }

  #write(path: string, content: Content): object {
    if (!path.startsWith(USER_FOLDER)) throw new ApiError({ errMsg: `writeFile:fail permission denied, open ${path}` });
    this.#files.set(path, content);
    return {};
  }

  #append(path: string, content: Content): object {
    const old = this.#files.get(path) ?? "";
    return this.#write(path, typeof old === "string" && typeof content === "string" ? old + content : content);
  }

  #remove(path: string): object {
    this.#need("unlink", path);
    this.#files.delete(path);
    return {};
  }

  async #copy(from: string, to: string): Promise<object> {
    const data = (await this.#read({ filePath: from })) as { readonly data?: unknown };
    this.#write(to, contentOf(data.data, undefined));
    return { savedFilePath: to };
  }

  #need(api: string, path: string): Content {
    const content = this.#files.get(path);
    if (content === undefined) throw new ApiError({ errMsg: `${api}:fail no such file or directory, open ${path}` });
    return content;
  }

  #list(folder: string): readonly string[] {
    return [...this.#files.keys()]
      .filter((path) => path.startsWith(folder))
      .map((path) => path.slice(folder.length + 1));
  }

  #stat(path: string) {
    const content = this.#need("stat", path);
    const size = typeof content === "string" ? content.length : content.byteLength;
    return { size, mode: 33_188, isFile: () => true, isDirectory: () => false };
  }
}

async function later(name: string, args: unknown, run: (args: Arguments) => object | Promise<object>): Promise<void> {
  let result: InvokeResult;
  try {
    result = { ...(await run(isRecord(args) ? args : {})), errMsg: `${name}:ok` };
  } catch (error) {
    result = { errMsg: error instanceof ApiError ? error.errMsg : `${name}:fail` };
  }
  settle(args, result);
}

function contentOf(data: unknown, encoding: unknown): Content {
  if (data instanceof ArrayBuffer) return data;
  const text = typeof data === "string" ? data : JSON.stringify(data ?? "");
  return encoding === "base64" ? fromBase64(text) : text;
}

function decoded(content: Content, encoding: unknown): Content {
  const isText = typeof content === "string";
  const bytes = isText ? new TextEncoder().encode(content).slice().buffer : content;
  if (encoding === undefined) return bytes;
  if (encoding === "base64") return toBase64(bytes);
  return isText ? content : new TextDecoder().decode(content);
}
