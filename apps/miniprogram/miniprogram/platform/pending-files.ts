import type { MessageContent } from "@hutong/chat-api";
import type { Chat, PendingFiles, TokenSource } from "@hutong/chat-client";
import { wechatStorage } from "@hutong/client/wechat";
import { isRecord } from "../model/is-record";
import { parseJson } from "../model/parse-json";
import { upload } from "./upload";

/** A file that is uploaded before its message is sent. */
export interface PendingFile {
  /** Where it is on this phone. */
  readonly path: string;
  readonly kind: "image" | "voice";
  /** Pixels; 0 when it is no picture. */
  readonly width: number;
  readonly height: number;
  /** Of a voice message; 0 otherwise. */
  readonly durationMs: number;
}

/** The chat of whoever is signed in on this phone. */
export type PhoneChat = Chat<PendingFile>;

/**
 * The files of a user's messages that are not sent. WeChat's temporary files end with the run, so each is copied to where
 * it stays until its message has it.
 */
export function phonePendingFiles(userId: string, tokens: TokenSource): PendingFiles<PendingFile> {
  const copies = wechatStorage(`files:${userId}`);
  const copyOf = async (id: string): Promise<PendingFile | undefined> => parsePendingFile(await copies.get(id));
  return {
    upload: async (file, progress) => {
      const stored = await upload(file.path, { purpose: "message", tokens, progress });
      return contentOf(file, stored);
    },
    put: async (id, file) => {
      const path = await copyFile(file.path, id);
      await copies.set(id, JSON.stringify({ ...file, path }));
    },
    get: copyOf,
    delete: async (id) => {
      const copy = await copyOf(id);
      if (copy !== undefined) deleteFile(copy.path);
      await copies.delete(id);
    },
  };
}

function contentOf(
  { kind, width, height, durationMs }: PendingFile,
  stored: Awaited<ReturnType<typeof upload>>,
): MessageContent {
  const fileId = stored.id;
  if (kind === "voice") return { type: "voice", body: { fileId, durationMs } };
  return { type: "image", body: { fileId, width: stored.width || width, height: stored.height || height } };
}

function copyFile(srcPath: string, name: string): Promise<string> {
  const destPath = `${wx.env.USER_DATA_PATH}/${name}${/\.\w{1,5}$/.exec(srcPath)?.[0] ?? ""}`;
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().copyFile({
      srcPath,
      destPath,
      success: () => resolve(destPath),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    });
  });
}

/** What is not there any more is no matter. */
function deleteFile(filePath: string): void {
  wx.getFileSystemManager().unlink({ filePath, fail: () => undefined });
}

function parsePendingFile(text: string | undefined): PendingFile | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || typeof value["path"] !== "string") return undefined;
  // Its own writing, whose frame was looked at above.
  return value as Readonly<Record<string, unknown>> & PendingFile;
}
