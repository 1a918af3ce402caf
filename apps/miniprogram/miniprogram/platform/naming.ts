import type { Chat } from "../model/chat";
import type { Naming } from "../view/names";
import { application } from "./application";

/** What texts and faces of the chat are made from. */
export function namingOf<TChat extends Chat>(chat: TChat): Naming & { readonly chat: TChat } {
  return { chat, words: application.words, picture: (fileId) => application.files?.of(fileId, "thumbnail") ?? "" };
}
