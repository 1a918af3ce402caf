import { createHttpCall } from "@hutong/chat-client";
import { sendRequest } from "@hutong/client/wechat-http";
import { SERVERS } from "../config";

/** Calls actions of the chat over HTTP. */
export const httpCall = createHttpCall(({ method, path, headers, body }) =>
  sendRequest({ url: SERVERS.chat + path, method, headers, ...(body !== undefined && { body }) }),
);
