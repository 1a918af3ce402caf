import { ApiClient } from "./api-client.ts";

/** What Ada and Grace have, who are friends. */
export interface Talks {
  /** Ids of their conversation, in which both have said something, and of a group that Ada owns. */
  readonly direct: string;
  readonly group: string;
  /** Ada's user name, whose password is the one of `ApiClient`. */
  readonly username: string;
  readonly ada: ApiClient;
  readonly grace: ApiClient;
}

/** Says something in a conversation. */
export async function say(speaker: ApiClient, conversationId: string, text: string): Promise<void> {
  await speaker.call("send_message", {
    ...{ conversationId, clientMessageId: crypto.randomUUID(), content: { type: "text", body: { text } } },
    ...{ replyTo: 0, mentions: [], mentionsAll: false },
  });
}

/** Makes two friends, a talk and a group in a chat. */
export async function startTalks(url: string): Promise<Talks> {
  const username = "ada_account";
  const [ada, grace] = await Promise.all([
    new ApiClient(url).register(username),
    new ApiClient(url).register("grace_account"),
  ]);
  await Promise.all([
    ada.call("update_profile", { nickname: "Ada" }),
    grace.call("update_profile", { nickname: "Grace" }),
    grace.call("update_settings", { addMe: "anyone" }),
  ]);
  const userId = grace.session.me.id;
  await ada.call("request_friend", { userId, message: "", remark: "" });
  const { conversation: direct } = await ada.call("open_direct", { userId });
  await say(ada, direct.id, "shall we eat hotpot? https://example.com/hotpot");
  await grace.call("mark_read", { conversationId: direct.id, seq: 2 });
  await say(grace, direct.id, "yes, at six");
  const { conversation: group } = await ada.call("create_group", { userIds: [userId], title: "Tea house" });
  await say(grace, group.id, "hello");
  return { direct: direct.id, group: group.id, username, ada, grace };
}
