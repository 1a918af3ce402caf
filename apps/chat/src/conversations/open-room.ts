import type { Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { insertConversation } from "./insert-conversation.ts";

/** The conversation of a room, made when there is none. Guests talk in it without being members. */
export async function ensureRoom(
  transaction: Transaction<Tables>,
  { name, at }: { readonly name: string; readonly at: number },
): Promise<ConversationRow> {
  const { conversation } = await insertConversation(transaction, {
    id: uuidv7(),
    type: "room",
    uniqueKey: `room:${name}`,
    title: name,
    joinMode: "open",
    historyVisible: true,
    at,
  });
  return conversation;
}
