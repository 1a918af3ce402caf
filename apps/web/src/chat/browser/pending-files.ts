import type { PendingFiles } from "@hutong/chat-client";

import type { PendingFile } from "./pending-file.ts";
import { toContent, uploadFile } from "./upload.ts";

const VERSION = 1;
const STORE = "files";

/**
 * The files of a user's messages that are not sent: uploaded with the token that `token` gives, and kept in the browser's
 * database until then. Nothing is opened before the first file.
 */
export function browserPendingFiles(userId: string, token: () => Promise<string>): PendingFiles<PendingFile> {
  let database: Promise<IDBDatabase> | undefined;

  const forget = (): void => {
    database = undefined;
  };
  const open = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(`hutong.files.${userId}`, VERSION);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
    const opened = await resultOf(request);
    // Somebody wants to delete the database.
    opened.addEventListener("versionchange", () => {
      opened.close();
      forget();
    });
    // The browser has closed it, for example because somebody cleared its data.
    opened.addEventListener("close", forget);
    return opened;
  };

  const ask = async <T>(act: (files: FileRows) => IDBRequest<T>): Promise<T> => {
    if (database === undefined) {
      database = open();
      // What could not be opened now is asked for again with the next file.
      database.catch(forget);
    }
    return resultOf(act((await database).transaction(STORE, "readwrite").objectStore(STORE)));
  };

  return {
    upload: async (file, progress) => {
      const options = { purpose: "message", token: await token() } as const;
      // The small one first: a poster that does not come through is not worth the video twice.
      const poster = file.poster && (await uploadFile(file.poster, "poster.jpg", options));
      return toContent(file, await uploadFile(file.blob, file.name, { ...options, progress }), poster);
    },
    put: async (id, file) => void (await ask((files) => files.put(file, id))),
    get: (id) => ask((files) => files.get(id)),
    delete: (id) => ask((files) => files.delete(id)),
  };
}

/** The part of an object store that is used. Only this file writes there, in this version. */
interface FileRows {
  get(id: string): IDBRequest<PendingFile | undefined>;
  put(file: PendingFile, id: string): IDBRequest<IDBValidKey>;
  delete(id: string): IDBRequest<undefined>;
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the request failed")));
  });
}
