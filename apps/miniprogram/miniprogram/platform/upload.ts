import { CallError, readAnswer, type TokenSource } from "@hutong/chat-client";
import { uploadFile } from "@hutong/client/wechat-http";
import { SERVERS } from "../config";
import { isRecord } from "../model/is-record";

/** What an upload takes beside the file. */
export interface UploadOptions {
  readonly purpose: "message" | "profile";
  readonly tokens: TokenSource;
  /** Hears from 0 to 1 how far it is. */
  readonly progress?: (share: number) => void;
}

/** What the server says of a file. */
interface Uploaded {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Uploads a file that WeChat keeps under a path. @throws {CallError} */
export async function upload(filePath: string, { purpose, tokens, progress }: UploadOptions): Promise<Uploaded> {
  const headers = { authorization: `Bearer ${await tokens.token()}` };
  const task = uploadFile({
    url: `${SERVERS.chat}/api/files?purpose=${purpose}`,
    filePath,
    headers,
    progress: (sentBytes, totalBytes) => {
      if (totalBytes > 0) progress?.(sentBytes / totalBytes);
    },
  });
  const answer = await task.response.catch((error: unknown) => {
    // A temporary file does not outlive the mini-program; sending it again is of no use then.
    const isGone = error instanceof Error && /no such file|not found|not exist/i.test(error.message);
    throw new CallError(isGone ? "file_gone" : "network");
  });
  const body = readAnswer(answer);
  const file = isRecord(body) && isRecord(body["file"]) ? body["file"] : { id: undefined, width: 0, height: 0 };
  const { id, width, height } = file;
  if (typeof id !== "string") throw new CallError("internal");
  return { id, width: typeof width === "number" ? width : 0, height: typeof height === "number" ? height : 0 };
}
