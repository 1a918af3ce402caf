import type { SocketOptions } from "../options.ts";
import { resolveSocketOptions } from "../resolve-options.ts";
import { Socket } from "../socket.ts";
import { parseAddress } from "./address.ts";
import { AppLife } from "./app-life.ts";
import type { WechatLogin } from "./login.ts";
import { socketTaskTransport } from "./socket-task-transport.ts";
import { resolveWx, type Wx } from "./wx.ts";

/** How a socket of a mini-program connects, waits and gives up. */
export interface WechatSocketOptions extends Omit<
  SocketOptions,
  "fetch" | "longPollFallbackMs" | "transports" | "webSocket"
> {
  /**
   * Gives the token in place of `token`, a new one after the server closed with `token_expired`.
   *
   * @defaultValue none
   */
  readonly login?: Pick<WechatLogin, "token" | "forget">;
  /** @defaultValue WeChat's own. */
  readonly wx?: Wx;
}

/**
 * Makes a socket of a mini-program; `connect` starts it. It lives through the background: WeChat cuts its link five
 * seconds after the mini-program was left, and on return it connects anew, at once.
 *
 * @throws {TypeError} when the address is not absolute with `wss:` or `ws:`, or outside a mini-program.
 * @throws {RangeError} when a number in the options is out of its range.
 * @example
 * ```ts
 * const login = createLogin({ url: "https://example.com/login" });
 * const socket = createSocket("wss://example.com/socket", { login });
 * socket.connect();
 * ```
 */
export function createSocket(url: string, options: WechatSocketOptions = {}): Socket {
  const { login } = options;
  const wx = resolveWx(options.wx);
  const resolved = resolveSocketOptions(login === undefined ? options : { ...options, token: () => login.token() });
  const { clock, timeoutMs } = resolved;
  const app = new AppLife(wx, clock);
  const transport = socketTaskTransport({
    wx,
    clock,
    app,
    timeoutMs,
    urlFor: parseAddress(url),
    tokenExpired: (token) => login?.forget(token),
  });
  return new Socket({ ...resolved, page: app, transports: [transport] });
}
