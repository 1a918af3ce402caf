import type { InvokeResult } from "../../bus/message.ts";
import { isRecord, numberOf, textOf } from "../../is-record.ts";
import { decodeData } from "./binary.ts";
import { bytesOfContent, textOfBytes } from "./file-encoding.ts";
import type { Invoke } from "./network.ts";
import { ApiError, deliver } from "./results.ts";
import { missing, UserFiles } from "./user-files.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** Carries out a call; `bytes` is the content of the file that it reads, for calls that read one. */
type Run = (args: Arguments, bytes: Uint8Array) => object | void;

interface Operation {
  /** Names of the arguments of the form that does not wait, in their order. */
  readonly names: readonly string[];
  /** Argument that names the file whose content is needed. */
  readonly reads?: string;
  readonly run: Run;
  /** What the form that does not wait gives; all fields when absent. */
  readonly field?: string;
}

/** All temporary files whose content is remembered, in bytes. */
const MAX_REMEMBERED_BYTES = 16 * 1_048_576;
const TEMPORARY = "http://tmp/";
/** Type and permissions of a file and of a folder, as `stat` of a system gives them. */
const [FILE_MODE, FOLDER_MODE] = [33_188, 16_877];

/** The files of a mini-program: those that it keeps, and temporary ones, which the host holds. */
export class FileSystem {
  readonly #invoke: Invoke;
  readonly #kept: UserFiles;
  readonly #temporary = new Map<string, Uint8Array>();
  readonly #operations: Readonly<Record<string, Operation>>;

  /** `kept` holds the files of earlier starts in base64; `invoke` reaches the host. */
  constructor(kept: Readonly<Record<string, string>>, invoke: Invoke) {
    this.#invoke = invoke;
    this.#kept = new UserFiles(kept, invoke);
    this.#operations = { ...this.#fileOperations(), ...this.#folderOperations(), ...this.#savedOperations() };
    this.manager = Object.fromEntries(
      Object.entries(this.#operations).flatMap(([name, operation]) => [
        [name, (args: unknown) => this.#later(name, operation, args)],
        [`${name}Sync`, (...values: unknown[]) => this.#now(name, operation, values)],
      ]),
    );
  }

  /** What `wx.getFileSystemManager` gives. */
  readonly manager: Readonly<Record<string, (...values: unknown[]) => unknown>>;

  /** The calls that `wx` itself has. */
  get api(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      ["saveFile", "removeSavedFile", "getSavedFileList", "getSavedFileInfo", "getFileInfo"].map((name) => [
        name,
        this.manager[name],
      ]),
    );
  }

  /**
   * Fetches the temporary files that a result names, so that calls that do not wait can read them. Resolves
   * with the result.
   */
  async learn(result: InvokeResult): Promise<InvokeResult> {
    const paths = [...new Set(temporaryPaths(result))].filter((path) => !this.#temporary.has(path));
    await Promise.all(paths.map((path) => this.#fetch(path)));
    return result;
  }

  /** Keeps a file that was downloaded. @throws {ApiError} outside of the user's folder, and when the space is used up. */
  async keep(tempFilePath: string, filePath: string): Promise<void> {
    const bytes = await this.#fetch(tempFilePath);
    if (bytes === undefined) throw missing("downloadFile", tempFilePath);
    this.#kept.write("downloadFile", filePath, bytes);
  }

  #fileOperations(): Readonly<Record<string, Operation>> {
    const kept = this.#kept;
    const path = (args: Arguments, name = "filePath"): string => textOf(args[name]);
    return {
      readFile: {
        names: ["filePath", "encoding", "position", "length"],
        reads: "filePath",
        field: "data",
        run: ({ encoding, position, length }, bytes) => {
          const start = numberOf(position);
          return { data: textOfBytes(bytes.subarray(start, start + numberOf(length, bytes.length)), encoding) };
        },
      },
      writeFile: {
        names: ["filePath", "data", "encoding"],
        run: (args) => kept.write("writeFile", path(args), bytesOfContent(args["data"], args["encoding"])),
      },
      appendFile: {
        names: ["filePath", "data", "encoding"],
        reads: "filePath",
        run: (args, bytes) =>
          kept.write("appendFile", path(args), joined(bytes, bytesOfContent(args["data"], args["encoding"]))),
      },
      truncate: {
        names: ["filePath", "length"],
        reads: "filePath",
        run: (args, bytes) => kept.write("truncate", path(args), bytes.slice(0, numberOf(args["length"]))),
      },
      copyFile: {
        names: ["srcPath", "destPath"],
        reads: "srcPath",
        run: (args, bytes) => kept.write("copyFile", path(args, "destPath"), bytes),
      },
      rename: {
        names: ["oldPath", "newPath"],
        reads: "oldPath",
        run: (args, bytes) => {
          if (path(args, "newPath") === path(args, "oldPath")) return;
          kept.write("rename", path(args, "newPath"), bytes);
          kept.remove("rename", path(args, "oldPath"));
        },
      },
      unlink: { names: ["filePath"], run: (args) => kept.remove("unlink", path(args)) },
      getFileInfo: { names: ["filePath"], reads: "filePath", run: (_, bytes) => ({ size: bytes.length }) },
    };
  }

  #folderOperations(): Readonly<Record<string, Operation>> {
    const kept = this.#kept;
    const folder = ({ dirPath }: Arguments): string => textOf(dirPath);
    return {
      access: { names: ["path"], run: ({ path }) => void this.#statOf("access", textOf(path)) },
      stat: {
        names: ["path"],
        field: "stats",
        run: ({ path }) => ({ stats: this.#statOf("stat", textOf(path)) }),
      },
      mkdir: { names: ["dirPath", "recursive"], run: (args) => kept.makeFolder("mkdir", folder(args)) },
      rmdir: {
        names: ["dirPath", "recursive"],
        run: (args) => kept.removeFolder("rmdir", folder(args), args["recursive"] === true),
      },
      readdir: {
        names: ["dirPath"],
        field: "files",
        run: (args) => ({ files: kept.list("readdir", folder(args)) }),
      },
    };
  }

  #savedOperations(): Readonly<Record<string, Operation>> {
    const kept = this.#kept;
    const info = (filePath: string): object => ({
      filePath,
      size: kept.read(filePath)?.length ?? 0,
      createTime: 0,
    });
    return {
      saveFile: {
        names: ["tempFilePath", "filePath"],
        reads: "tempFilePath",
        field: "savedFilePath",
        run: ({ tempFilePath, filePath }, bytes) => {
          const savedFilePath = textOf(filePath) || kept.storePath(textOf(tempFilePath));
          kept.write("saveFile", savedFilePath, bytes);
          return { savedFilePath };
        },
      },
      getSavedFileList: { names: [], run: () => ({ fileList: kept.stored().map(info) }) },
      getSavedFileInfo: { names: ["filePath"], reads: "filePath", run: ({ filePath }) => info(textOf(filePath)) },
      removeSavedFile: { names: ["filePath"], run: ({ filePath }) => kept.remove("removeSavedFile", textOf(filePath)) },
    };
  }

  #statOf(api: string, path: string): object {
    const bytes = this.#known(path);
    const isFolder = bytes === undefined && this.#kept.isFolder(path);
    if (bytes === undefined && !isFolder) throw missing(api, path);
    return {
      size: bytes?.length ?? 0,
      mode: isFolder ? FOLDER_MODE : FILE_MODE,
      lastAccessedTime: 0,
      lastModifiedTime: 0,
      isFile: () => !isFolder,
      isDirectory: () => isFolder,
    };
  }

  #known(path: string): Uint8Array | undefined {
    return this.#kept.read(path) ?? this.#temporary.get(path);
  }

  #now(name: string, { names, reads, run, field }: Operation, values: readonly unknown[]): unknown {
    const args: Arguments = Object.fromEntries(names.map((one, index) => [one, values[index]]));
    const path = reads === undefined ? "" : textOf(args[reads]);
    const bytes = reads === undefined ? new Uint8Array() : this.#known(path);
    if (bytes === undefined) throw missing(`${name}Sync`, path);
    const result = run(args, bytes);
    return field === undefined || !isRecord(result) ? result : result[field];
  }

  #later(name: string, operation: Operation, args: unknown): unknown {
    const own = isRecord(args) ? args : {};
    return deliver(
      args,
      this.#run(operation, own).then(
        (fields) => ({ ...fields, errMsg: `${name}:ok` }),
        (error: unknown) => ({ errMsg: error instanceof ApiError ? error.errMsg : `${name}:fail ${String(error)}` }),
      ),
    );
  }

  async #run({ reads, run }: Operation, args: Arguments): Promise<object> {
    const path = reads === undefined ? "" : textOf(args[reads]);
    const bytes = reads === undefined ? new Uint8Array() : (this.#known(path) ?? (await this.#fetch(path)));
    if (bytes === undefined) throw missing("readFile", path);
    return run(args, bytes) ?? {};
  }

  async #fetch(path: string): Promise<Uint8Array | undefined> {
    const result = await this.#invoke("readFile", { filePath: path });
    const data = result.errMsg.endsWith(":ok") ? decodeData(result["data"]) : undefined;
    if (!(data instanceof ArrayBuffer)) return undefined;
    const bytes = new Uint8Array(data);
    if (path.startsWith(TEMPORARY)) this.#remember(path, bytes);
    return bytes;
  }

  #remember(path: string, bytes: Uint8Array): void {
    this.#temporary.set(path, bytes);
    let total = 0;
    for (const known of this.#temporary.values()) total += known.length;
    for (const [oldest, known] of this.#temporary) {
      if (total <= MAX_REMEMBERED_BYTES) return;
      total -= known.length;
      this.#temporary.delete(oldest);
    }
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function temporaryPaths(value: unknown): readonly string[] {
  if (typeof value === "string") return value.startsWith(TEMPORARY) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(temporaryPaths);
}
