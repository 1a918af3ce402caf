import { INBOX_EVENTS } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { accept, channelsFor, refuse } from "@hutong/server";
import { z } from "zod";
import { ChatError } from "../api/chat-error.ts";
import { requirePresentMember } from "../conversations/membership.ts";
import type { Tables } from "../storage/tables.ts";
import type { ChatAssigns } from "./chat-assigns.ts";

const PREFIX = "conversation:";
const { message, change, typing } = INBOX_EVENTS;

/**
 * `conversation:<id>`: what happens in a room, for the members that show it. Everything else comes by the inbox, and so
 * does every call: clients only listen here.
 */
export function conversationChannel(database: Database<Tables>) {
  return channelsFor<ChatAssigns>()(`${PREFIX}*`, {
    params: z.object({}),
    sends: { message, change, typing },
    join: async ({ topic, connection: { assigns } }) => {
      if (assigns.caller === undefined) return refuse("unauthorized");
      const isRoom = await isMemberOfRoom(database, topic.slice(PREFIX.length), assigns.caller.userId);
      return isRoom ? accept() : refuse("not_found");
    },
  });
}

async function isMemberOfRoom(database: Database<Tables>, conversationId: string, userId: string): Promise<boolean> {
  try {
    const { conversation } = await requirePresentMember(database.read, conversationId, userId);
    return conversation.type === "room";
  } catch (error) {
    if (error instanceof ChatError) return false;
    throw error;
  }
}
