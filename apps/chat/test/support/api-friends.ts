import type { Session } from "@hutong/chat-api";
import { ApiClient } from "./api-client.ts";

/** Two friends who have talked to nobody but the API, which names both of them by their user names. */
export interface ApiFriends {
  readonly ada: ApiClient & { readonly session: Session };
  readonly grace: ApiClient & { readonly session: Session };
  /** Theirs. Its first message says that they are friends. */
  readonly conversationId: string;
}

/** Makes accounts of the names `ada_account` and `grace_account`, and friends of the two. */
export async function makeApiFriends(url: string): Promise<ApiFriends> {
  const [ada, grace] = [
    await new ApiClient(url).register("ada_account"),
    await new ApiClient(url).register("grace_account"),
  ];
  await grace.call("update_settings", { addMe: "anyone", strangers: { visitor: null, user: null } });
  await ada.call("request_friend", { userId: grace.session.me.id });
  const { conversation } = await ada.call("open_direct", { userId: grace.session.me.id });
  return { ada, grace, conversationId: conversation.id };
}

let count = 0;

/** Says something in a conversation. */
export async function say(speaker: ApiClient, conversationId: string, text: string): Promise<void> {
  await speaker.call("send_message", {
    ...{ conversationId, clientMessageId: `said-by-test-${(count += 1)}` },
    content: { type: "text", body: { text } },
    ...{ replyTo: 0, mentions: [], mentionsAll: false },
  });
}
