import { type Refuse, refuse, type Reply, reply } from "@hutong/server";
import { ChatError } from "../api/chat-error.ts";

/** Answers a push with what `work` gives, or with why it gives nothing; `failed` hears of what no client can understand. */
export async function answerPush<TResponse>(
  work: () => Promise<TResponse>,
  failed: (error: unknown) => void,
): Promise<Reply<TResponse> | Refuse> {
  try {
    return reply(await work());
  } catch (error) {
    if (error instanceof ChatError) return refuse(error.toBody());
    failed(error);
    return refuse(new ChatError("internal").toBody());
  }
}
