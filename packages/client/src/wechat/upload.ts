import { readResponse, type WechatResponse } from "./request.ts";
import { toWechatError } from "./wechat-error.ts";
import { resolveWx, type Wx, type WxUploadTask } from "./wx.ts";

/** A file and where it goes. */
export interface WechatUpload {
  /** An absolute address. */
  readonly url: string;
  /** A path that WeChat gave, such as that of a chosen picture. */
  readonly filePath: string;
  /** The field of the form that carries the file. @defaultValue `"file"` */
  readonly name?: string;
  /** The other fields of the form. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Header names and values. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time that the upload may take, in milliseconds. @defaultValue that of `app.json`, a minute at first */
  readonly timeoutMs?: number;
  /** Hears how much was sent, as often as WeChat tells. */
  readonly progress?: (sentBytes: number, totalBytes: number) => void;
  /** @defaultValue WeChat's own. */
  readonly wx?: Wx;
}

/** An upload that is under way. */
export interface UploadTask {
  /**
   * Resolves with the answer, whatever its status.
   *
   * @throws {WechatError} `aborted`, `interrupted` when the mini-program was frozen meanwhile, `timed_out`,
   * `too_many_tasks`, `domain_not_listed`, `failed`.
   */
  readonly response: Promise<WechatResponse>;
  /** Gives the upload up. Does nothing when it is over. */
  abort(): void;
}

/** Sends a file as `multipart/form-data`. */
export function uploadFile(upload: WechatUpload): UploadTask {
  const { url, filePath, name = "file", fields = {}, headers = {}, timeoutMs, progress } = upload;
  const wx = resolveWx(upload.wx);
  let task: WxUploadTask | undefined;
  const response = new Promise<WechatResponse>((resolve, reject) => {
    task = wx.uploadFile({
      url,
      filePath,
      name,
      formData: fields,
      header: headers,
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
      success: (answer) => resolve(readResponse(answer)),
      fail: (failure) => reject(toWechatError(failure)),
    });
  });
  if (progress !== undefined)
    task?.onProgressUpdate((event) => progress(event.totalBytesSent, event.totalBytesExpectedToSend));
  return { response, abort: () => task?.abort() };
}
