import type { Chat } from "../model/chat.ts";
import type { ConversationEntry } from "../model/conversation-book.ts";
import type { ChatPage } from "../page/chat-page.ts";
import type { Desk } from "./desk.ts";

/** What every view is given. */
export interface PageProps {
  readonly page: ChatPage;
}

/** What views of somebody who is signed in are given. */
export interface ChatProps extends PageProps {
  readonly chat: Chat;
}

/** What views of one conversation are given. */
export interface EntryProps extends ChatProps {
  readonly entry: ConversationEntry;
}

/** Everything of an open conversation that its parts share. */
export interface DeskProps extends EntryProps {
  readonly desk: Desk;
}
