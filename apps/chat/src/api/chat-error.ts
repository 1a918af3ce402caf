import { CHAT_ERROR_CODES, type ChatErrorName } from "@hutong/chat-api";

/** What an error tells beyond its code. */
export interface ChatErrorDetails {
  /** For the developer of the client; the code's summary when there is nothing to add. */
  readonly message?: string;
  /** When the same call can succeed, in milliseconds from now. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** An expected refusal of the chat: the caller is told its code, over HTTP and over the socket alike. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ChatErrorName;
  readonly retryAfterMs: number | undefined;

  constructor(code: ChatErrorName, { message, retryAfterMs, cause }: ChatErrorDetails = {}) {
    super(message ?? CHAT_ERROR_CODES[code].summary, { cause });
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** What is sent to the caller. */
  toBody(): { readonly reason: ChatErrorName; readonly message: string; readonly retryAfterMs?: number } {
    const { code, message, retryAfterMs } = this;
    return { reason: code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}
