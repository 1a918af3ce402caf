import type { MessageContent } from "@hutong/chat-api";
import type { Transaction } from "kysely";
import type { Tables } from "../storage/tables.ts";

/** The place of a message. */
export interface MessagePlace {
  readonly conversationId: string;
  readonly seq: number;
}

/** Ties files to the messages that show them, so that members can read them and nobody else. */
export interface FileReferences {
  /** Rejects with `not_found` for files that are neither the sender's nor readable to it. */
  referenceFiles(
    transaction: Transaction<Tables>,
    reference: MessagePlace & { readonly fileIds: readonly string[]; readonly ownerId: string },
  ): Promise<void>;
  /** Takes the references of a message back. */
  releaseFiles(transaction: Transaction<Tables>, place: MessagePlace): Promise<void>;
}

/** The files that a content shows. */
export function fileIdsOf(content: MessageContent): string[] {
  switch (content.type) {
    case "image":
    case "voice":
    case "file":
      return [content.body.fileId];
    case "video":
      return [content.body.fileId, ...(content.body.posterId === undefined ? [] : [content.body.posterId])];
    default:
      return [];
  }
}
