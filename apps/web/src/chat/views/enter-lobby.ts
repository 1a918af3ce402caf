import { HOME } from "../page/address.ts";
import type { ChatProps } from "./props.ts";

/** Opens the room that everybody may enter. */
export async function enterLobby({ page, chat }: ChatProps): Promise<void> {
  await page.attempt(async () => {
    const { conversation, users } = await chat.call("open_room", { name: "lobby" });
    chat.book.putUsers(users);
    chat.book.putConversation(conversation);
    page.place.goTo({ ...HOME, conversation: conversation.id });
  });
}
