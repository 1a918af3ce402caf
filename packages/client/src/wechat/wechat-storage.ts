import type { KeyValueStorage } from "../storage/key-value-storage.ts";
import { toWechatError, WechatError } from "./wechat-error.ts";
import { resolveWx, type Wx, type WxFailure } from "./wx.ts";

/** What WeChat keeps under one key, in bytes. */
const MAX_VALUE_BYTES = 1024 * 1024;

/**
 * Keeps texts in the storage of the mini-program, which outlives it: 1 MB for each text, 10 MB for all that the mini-program
 * keeps. WeChat keeps one storage for each of its users; with accounts of your own, put the account into the name.
 * Rejects with a {@link WechatError}: `value_too_large`, `storage_full`, `failed`.
 *
 * @example
 * ```ts
 * const socket = createSocket("wss://example.com/socket", { outbox: durableOutbox({ storage: wechatStorage("chat") }) });
 * ```
 */
export function wechatStorage(name: string, given?: Wx): KeyValueStorage {
  const wx = resolveWx(given);
  const space = `hutong:${name}:`;
  let last: Promise<unknown> = Promise.resolve();

  /** Calls that are made one after the other take effect in that order, whatever WeChat does. */
  const next = <T>(act: () => T | Promise<T>): Promise<T> => {
    const done = last.then(act);
    last = done.catch(() => undefined);
    return done;
  };
  const keys = (): readonly string[] => wx.getStorageInfoSync().keys;

  return {
    get: (key) =>
      next(() => {
        const value = wx.getStorageSync(space + key);
        // Nothing, and an empty text, are the same to WeChat.
        return typeof value === "string" && (value !== "" || keys().includes(space + key)) ? value : undefined;
      }),
    set: (key, value) =>
      next(() => {
        const bytes = countBytes(value);
        if (bytes > MAX_VALUE_BYTES)
          throw new WechatError("value_too_large", `the text for "${key}" has ${bytes} bytes; WeChat keeps 1 MB`);
        return called((callbacks) => wx.setStorage({ key: space + key, data: value, ...callbacks }));
      }),
    delete: (key) => next(() => called((callbacks) => wx.removeStorage({ key: space + key, ...callbacks }))),
    keys: (prefix) =>
      next(() =>
        keys()
          .filter((key) => key.startsWith(space + prefix))
          .map((key) => key.slice(space.length)),
      ),
  };
}

interface Callbacks {
  readonly success: () => void;
  readonly fail: (failure: WxFailure) => void;
}

function called(call: (callbacks: Callbacks) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call({ success: resolve, fail: (failure) => reject(toWechatError(failure)) });
  });
}

/** The length of a text in UTF-8. Half of a surrogate pair counts two of the four bytes of the pair. */
function countBytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
