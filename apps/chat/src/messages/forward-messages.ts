import { createHash } from "node:crypto";
import type { Message, MessageContent, ParsedInput } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Caller } from "../api/handlers.ts";
import { ChatError } from "../api/chat-error.ts";
import { requireMember } from "../conversations/membership.ts";
import type { MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import type { MessageDraft, MessageStore } from "./message-store.ts";
import { messageViews } from "./message-views.ts";
import { sightOf, visibleMessage } from "./visible-messages.ts";

/** What came of a forward. */
export interface Forwarded {
  readonly messages: Message[];
  readonly refused: { readonly conversationId: string; readonly code: string }[];
}

/** Sends copies of messages that the caller can see. A conversation that refuses one copy gets none of the later ones. */
export async function forwardMessages(
  { database: { read }, store }: { readonly database: Database<Tables>; readonly store: MessageStore },
  { conversationId, seqs, to, clientMessageId }: ParsedInput<"forward_messages">,
  caller: Caller,
): Promise<Forwarded> {
  const { conversation, member } = await requireMember(read, conversationId, caller.userId);
  const sight = sightOf(conversation, member);
  const originals: MessageRow[] = [];
  for (const seq of [...new Set(seqs)].sort((one, other) => one - other)) {
    const row = await visibleMessage(read, sight, seq);
    if (row.state !== "sent" || row.type === "notice") throw new ChatError("conflict");
    originals.push(row);
  }
  const copies: MessageRow[] = [];
  const refused: { conversationId: string; code: string }[] = [];
  await Promise.all(
    [...new Set(to)].map(async (target) => {
      try {
        for (const original of originals) {
          const id = copyId(clientMessageId, original, target);
          copies.push((await store.send(copyOf(original, { target, caller, id }))).row);
        }
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        refused.push({ conversationId: target, code: error.code });
      }
    }),
  );
  return { messages: await messageViews(read, copies, caller.userId), refused };
}

function copyOf(
  original: MessageRow,
  { target, caller, id }: { readonly target: string; readonly caller: Caller; readonly id: string },
): MessageDraft {
  return {
    conversationId: target,
    sender: { id: caller.userId, kind: caller.kind, name: null },
    clientMessageId: id,
    // The row was written from checked content, and notices and what lost its content were refused.
    content: { type: original.type, body: JSON.parse(original.body) } as MessageContent,
    replyTo: 0,
    mentions: [],
    mentionsAll: false,
    forwarded: true,
  };
}

/** A retry of the forward makes the same ids, and two copies never share one. */
function copyId(clientMessageId: string, { conversation_id: from, seq }: MessageRow, target: string): string {
  return createHash("sha256")
    .update(JSON.stringify([clientMessageId, from, seq, target]))
    .digest("base64url");
}
