import type { MessageContent, StoredFile } from "@hutong/chat-api";
import { CallError, readAnswer } from "@hutong/chat-client";

import { isRecord } from "../../is-record.ts";
import type { PendingFile } from "./pending-file.ts";

/** What a file is uploaded for. */
export type UploadPurpose = "message" | "profile";

/** What {@link uploadFile} takes beside the file. */
export interface UploadOptions {
  readonly purpose: UploadPurpose;
  /** An access token. */
  readonly token: string;
  /** Hears from 0 to 1 how far it is, and says whether to go on. */
  readonly progress?: (share: number) => boolean;
}

/** Uploads a file. `fetch` cannot tell how far it is, hence the older API. @throws {CallError} */
export function uploadFile(blob: Blob, name: string, options: UploadOptions): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/files?purpose=${options.purpose}`);
    request.setRequestHeader("authorization", `Bearer ${options.token}`);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      if (total > 0 && options.progress?.(loaded / total) === false) request.abort();
    });
    request.addEventListener("load", () => {
      try {
        resolve(readFile(readAnswer({ status: request.status, body: request.response })));
      } catch (error) {
        reject(error instanceof CallError ? error : new CallError("internal", undefined, error));
      }
    });
    request.addEventListener("error", () => reject(new CallError("network")));
    request.addEventListener("abort", () => reject(new CallError("network")));
    const form = new FormData();
    form.append("file", blob, name);
    request.send(form);
  });
}

/** The content of the message that carries an uploaded file; a video may have a `poster`. */
export function toContent(file: PendingFile, stored: StoredFile, poster?: StoredFile): MessageContent {
  const { width, height, durationMs } = file;
  const size = { width: stored.width || width, height: stored.height || height };
  const posted = poster === undefined ? {} : { posterId: poster.id };
  switch (file.kind) {
    case "image":
      return { type: "image", body: { fileId: stored.id, ...size } };
    case "voice":
      return { type: "voice", body: { fileId: stored.id, durationMs } };
    case "video":
      return { type: "video", body: { fileId: stored.id, ...posted, ...size, durationMs } };
    case "file":
      return { type: "file", body: { fileId: stored.id, name: stored.name, size: stored.size } };
    default:
      return file.kind satisfies never;
  }
}

function readFile(answer: unknown): StoredFile {
  const { file = answer } = isRecord(answer) ? answer : {};
  if (!isRecord(file) || typeof file["id"] !== "string") throw new CallError("internal");
  const { id, name, mime, size, width, height, hasThumbnail } = file;
  return {
    id,
    name: typeof name === "string" ? name : "",
    mime: typeof mime === "string" ? mime : "",
    size: toNumber(size),
    width: toNumber(width),
    height: toNumber(height),
    hasThumbnail: hasThumbnail === true,
  };
}

function toNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
