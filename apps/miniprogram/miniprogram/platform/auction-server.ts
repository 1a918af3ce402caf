import { CallError } from "@hutong/chat-client";
import { sendRequest } from "@hutong/client/wechat-http";
import { SERVERS } from "../config";
import type { OpenLink } from "../model/cable-auction";
import { isRecord } from "../model/is-record";

const TOKEN_KEY = "hutong:auction-token";

/** The token of the one who takes part; `""` for spectators. */
export function auctionToken(): string {
  const token = wx.getStorageSync(TOKEN_KEY);
  return typeof token === "string" ? token : "";
}

/** Makes a spectator of the one who took part: the server does not know the token any more. */
export function forgetAuctionToken(): void {
  wx.setStorageSync(TOKEN_KEY, "");
}

/** Takes part under a name, and pays the deposit. @throws {CallError} */
export async function takePart(name: string): Promise<void> {
  const { token } = await send("POST", "/api/people", { name });
  if (typeof token !== "string") throw new CallError("internal");
  wx.setStorageSync(TOKEN_KEY, token);
  await send("POST", "/api/deposit", {});
}

/** The auction that was opened last. @throws {CallError} */
export async function newestAuction(): Promise<number> {
  const { id } = await send("GET", "/api/auctions/newest");
  return Number(id);
}

/** Opens the Action Cable of the auction. The token travels in the header of the handshake, as it is. */
export const openCable: OpenLink = ({ received, closed }) => {
  const token = auctionToken();
  const task = wx.connectSocket({
    url: SERVERS.auctionCable,
    header: token === "" ? {} : { Authorization: token },
    fail: closed,
  });
  task.onMessage(({ data }) => {
    if (typeof data === "string") received(data);
  });
  task.onClose(closed);
  task.onError(closed);
  const ignore = { fail: () => undefined };
  return { send: (frame) => task.send({ data: frame, fail: closed }), close: () => task.close(ignore) };
};

async function send(method: "GET" | "POST", path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
  const token = auctionToken();
  const headers: Readonly<Record<string, string>> = token === "" ? {} : { authorization: `Bearer ${token}` };
  const request = { url: SERVERS.auction + path, method, headers, ...(body !== undefined && { body }) };
  const answer = await sendRequest(request).catch(() => {
    throw new CallError("network");
  });
  if (answer.status === 401) forgetAuctionToken();
  if (answer.status >= 300 || !isRecord(answer.body))
    throw new CallError(answer.status === 404 ? "not_found" : "unavailable");
  return answer.body;
}
