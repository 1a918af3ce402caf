import { join } from "node:path";
import type { FileStore } from "./file-store.ts";
import { LocalFileStore } from "./local-file-store.ts";
import { openS3FileStore, type S3Address } from "./s3-file-store.ts";

/** The store that the configuration names, and where drafts are written. */
export interface OpenedFileStore {
  readonly store: FileStore;
  readonly draftFolder: string;
}

/**
 * Opens a file store: the folder `files` of the data folder, or an S3-compatible service at
 * `s3://<key id>:<secret>@<host>/<bucket>?region=<region>`, over HTTP with `&tls=off`.
 *
 * @throws {TypeError} for a URL of another form; the message never has the URL, which holds a secret.
 */
export async function openFileStore(url: string | undefined, dataFolder: string): Promise<OpenedFileStore> {
  const draftFolder = join(dataFolder, "file-drafts");
  const store =
    url === undefined
      ? new LocalFileStore({ folder: join(dataFolder, "files"), draftFolder })
      : await openS3FileStore(parseS3Url(url));
  return { store, draftFolder };
}

function parseS3Url(text: string): S3Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bucket = url?.pathname.replace(/^\/|\/$/g, "") ?? "";
  if (url?.protocol !== "s3:" || url.username === "" || url.password === "" || bucket === "")
    throw new TypeError("write s3://<key id>:<secret>@<host>/<bucket>?region=<region>");
  const scheme = url.searchParams.get("tls") === "off" ? "http" : "https";
  return {
    endpoint: `${scheme}://${url.host}/${bucket}`,
    region: url.searchParams.get("region") ?? "auto",
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
  };
}
