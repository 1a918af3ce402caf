import { HOME } from "../page/address.ts";
import type { ChatProps } from "./props.ts";

/** Opens the conversation with somebody, made if there is none yet. */
export async function openDirect({ page, chat }: ChatProps, userId: string): Promise<void> {
  await page.attempt(async () => {
    const { conversation, users } = await chat.call("open_direct", { userId });
    chat.book.putUsers(users);
    chat.book.putConversation(conversation);
    page.place.goTo({ ...HOME, conversation: conversation.id });
  });
}
