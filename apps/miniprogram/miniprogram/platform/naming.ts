import type { Naming } from "../view/names";
import { application } from "./application";
import type { PhoneChat } from "./pending-files";

/** What texts and faces of the chat are made from. */
export function namingOf(chat: PhoneChat): Naming & { readonly chat: PhoneChat } {
  return { chat, words: application.words, picture: (fileId) => application.files?.of(fileId, "thumbnail") ?? "" };
}
