import type { Chat, ConversationEntry, MessageRow } from "@hutong/chat-client";

import type { PendingFile } from "../browser/pending-file.ts";
import type { ChatPage } from "../page/chat-page.ts";
import type { Desk } from "./desk.ts";

/** What every view is given. */
export interface PageProps {
  readonly page: ChatPage;
}

/** What views of somebody who is signed in are given. */
export interface ChatProps extends PageProps {
  readonly chat: Chat<PendingFile>;
}

/** What views of one conversation are given. */
export interface EntryProps extends ChatProps {
  readonly entry: ConversationEntry;
}

/** One row of an open conversation. */
export type PageRow = MessageRow<PendingFile>;

/** Everything of an open conversation that its parts share. */
export interface DeskProps extends EntryProps {
  readonly desk: Desk;
}
