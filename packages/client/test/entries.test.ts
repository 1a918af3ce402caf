import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** What an entry gives, types included. */
function namesOf(entry: string): readonly string[] {
  const text = readFileSync(new URL(`../src/${entry}`, import.meta.url), "utf8");
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].map(([, list = ""]) => list);
  return lists.flatMap((list) => list.split(",").map((name) => name.replace(/\btype\b/, "").trim())).filter(Boolean);
}

const [browser, wechat] = [namesOf("index.ts"), namesOf("wechat.ts")];

describe("the entry of mini-programs", () => {
  test("gives what that of browsers gives, less what only a browser has and what it fixes itself", () => {
    expect(browser.filter((name) => !wechat.includes(name))).toEqual([
      "DEFAULT_SOCKET_OPTIONS",
      "SocketOptions",
      "DEFAULT_RECONNECT",
      "indexedDbStorage",
      "FetchLike",
      "FetchRequest",
      "Transport",
      "TransportClose",
      "TransportFactory",
      "TransportHandlers",
      "TransportRequest",
      "WebSocketConstructor",
      "WebSocketEventLike",
      "WebSocketLike",
    ]);
  });

  test("adds what is WeChat's", () => {
    expect(wechat.filter((name) => !browser.includes(name))).toEqual([
      "WechatSocketOptions",
      "WECHAT_ERROR_CODES",
      "WechatError",
      "WechatErrorCode",
      "wechatStorage",
      "Wx",
    ]);
  });
});
