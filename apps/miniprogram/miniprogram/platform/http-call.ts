import { sendRequest, type WechatResponse } from "@hutong/client/wechat-http";
import { SERVERS } from "../config";
import type { HttpCall } from "../model/call";
import { CallError, toCallError } from "../model/call-error";
import { isRecord } from "../model/is-record";
import { toRequest } from "../model/routes";

/** Calls actions of the chat over HTTP. */
export const httpCall: HttpCall = async (name, input, token) => {
  const { method, path, body } = toRequest(name, input);
  const headers: Readonly<Record<string, string>> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let answer: WechatResponse;
  try {
    answer = await sendRequest({ url: SERVERS.chat + path, method, headers, ...(body !== undefined && { body }) });
  } catch {
    // Whatever WeChat says of it, nobody knows whether it was done.
    throw new CallError("network");
  }
  return readAnswer(answer);
};

/** The value of an answer. @throws {CallError} the refusal that it is. */
export function readAnswer({ status, body }: WechatResponse): unknown {
  if (status >= 200 && status < 300) return body;
  throw toCallError(isRecord(body) ? body["error"] : undefined);
}
