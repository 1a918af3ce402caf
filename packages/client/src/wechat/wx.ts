/**
 * The part of WeChat's global `wx` that the client uses. The names are WeChat's. The
 * members are few and loose, so that the real object fits, and one of a test.
 */

/** How a call of `wx` is told of its outcome: one of the two, once. */
export interface WxCallbacks<TResult> {
  /** The call did what it is for. */
  readonly success?: (result: TResult) => void;
  /** It did not. */
  readonly fail?: (failure: WxFailure) => void;
}

/** What WeChat says of a failure. */
export interface WxFailure {
  /** As `request:fail timeout`. The words differ between versions. */
  readonly errMsg: string;
}

/** What `wx.connectSocket` is asked for. */
export interface WxConnectOptions extends WxCallbacks<unknown> {
  /** An absolute `wss:` or `ws:` address. */
  readonly url: string;
  /** Header names and values of the upgrade request. */
  readonly header?: Readonly<Record<string, string>>;
  /** Subprotocols, best first. */
  readonly protocols?: string[];
  /** Time that opening may take, in milliseconds. */
  readonly timeout?: number;
}

/** One WebSocket of WeChat. Each `onX` holds one handler. */
export interface WxSocketTask {
  /** Sends text or bytes. */
  send(options: { readonly data: string | ArrayBuffer } & WxCallbacks<unknown>): void;
  /** Starts the closing handshake. Before the socket is open it may do nothing. */
  close(options: { readonly code?: number; readonly reason?: string } & WxCallbacks<unknown>): void;
  /** The socket is open; `header` holds the answer's headers. */
  onOpen(handler: (event: { readonly header?: Readonly<Record<string, unknown>> }) => void): void;
  /** A message came. */
  onMessage(handler: (event: { readonly data: string | ArrayBuffer }) => void): void;
  /** The socket is closed. */
  onClose(handler: (event: { readonly code?: number; readonly reason?: string }) => void): void;
  /** The socket failed; `onClose` may follow or not. */
  onError(handler: (event: WxFailure) => void): void;
}

/** What `wx.request` is asked for. */
export interface WxRequestOptions extends WxCallbacks<WxResponse> {
  /** An absolute address. */
  readonly url: string;
  /** HTTP method. */
  readonly method: "OPTIONS" | "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** Header names and values. */
  readonly header: Readonly<Record<string, string>>;
  /** Text of the body. */
  readonly data?: string;
  /** Time that the answer may take, in milliseconds. */
  readonly timeout?: number;
}

/** An answer to `wx.request` or `wx.uploadFile`, of any status. */
export interface WxResponse {
  /** HTTP status. */
  readonly statusCode: number;
  /** The body: parsed JSON or text; of an upload always text. */
  readonly data: unknown;
  /** Header names, in any case, and values. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** What `wx.uploadFile` is asked for. */
export interface WxUploadOptions extends WxCallbacks<WxResponse> {
  /** An absolute address. */
  readonly url: string;
  /** Path of a file on the phone. */
  readonly filePath: string;
  /** The field that carries the file. */
  readonly name: string;
  /** The other fields. */
  readonly formData: Readonly<Record<string, string>>;
  /** Header names and values. */
  readonly header: Readonly<Record<string, string>>;
  /** Time that the upload may take, in milliseconds. */
  readonly timeout?: number;
}

/** One upload of WeChat. */
export interface WxUploadTask {
  /** Gives the upload up; `fail` is called. */
  abort(): void;
  /** Tells how much was sent. */
  onProgressUpdate(
    handler: (event: { readonly totalBytesSent: number; readonly totalBytesExpectedToSend: number }) => void,
  ): void;
}

/** What `wx.onNetworkStatusChange` tells. */
export interface WxNetworkStatus {
  /** Whether there is a network. */
  readonly isConnected: boolean;
}

/** The part of `wx` that the client uses. */
export interface Wx {
  /** Makes a WebSocket; `success` says only that it was made. */
  connectSocket(options: WxConnectOptions): WxSocketTask | undefined;
  /** Sends a request. */
  request(options: WxRequestOptions): unknown;
  /** Sends a file. */
  uploadFile(options: WxUploadOptions): WxUploadTask;
  /** Asks WeChat for a code that names the user to the server, once. */
  login(options: WxCallbacks<{ readonly code: string }>): void;
  /** Succeeds while the session of the last code lasts. */
  checkSession(options: WxCallbacks<unknown>): void;
  /** Keeps a text. */
  setStorage(options: { readonly key: string; readonly data: string } & WxCallbacks<unknown>): void;
  /** Drops a text. */
  removeStorage(options: { readonly key: string } & WxCallbacks<unknown>): void;
  /** Gives what is kept; `""` when there is nothing. */
  getStorageSync(key: string): unknown;
  /** Gives the keys that are there. */
  getStorageInfoSync(): { readonly keys: readonly string[] };
  /** The mini-program came to the foreground. */
  onAppShow(handler: () => void): void;
  /** Ends `onAppShow`. */
  offAppShow(handler: () => void): void;
  /** The mini-program went to the background. */
  onAppHide(handler: () => void): void;
  /** Ends `onAppHide`. */
  offAppHide(handler: () => void): void;
  /** The network came, went, or is another one. */
  onNetworkStatusChange(handler: (status: WxNetworkStatus) => void): void;
  /** Ends `onNetworkStatusChange`; older versions lack it. */
  offNetworkStatusChange?(handler: (status: WxNetworkStatus) => void): void;
}

declare const wx: Wx | undefined;

/** The `wx` that was given, or WeChat's own. @throws {TypeError} outside a mini-program. */
export function resolveWx(given: Wx | undefined): Wx {
  if (given !== undefined) return given;
  if (typeof wx === "object" && typeof wx.connectSocket === "function") return wx;
  throw new TypeError("there is no wx here; this entry is for mini-programs, or pass the option wx");
}
