import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Message } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { type Clock, systemClock } from "@hutong/server/plugin";
import { toMe } from "../accounts/account-views.ts";
import { Profiles } from "../accounts/profiles.ts";
import { conversationViews } from "../conversations/conversation-views.ts";
import { FileStoreError, type FileStore } from "../files/file-store.ts";
import { isReadable } from "../files/readable-files.ts";
import { listFriends } from "../friends/friend-list.ts";
import { pullMessages } from "../messages/read-messages.ts";
import type { Tables } from "../storage/tables.ts";

/** What an export reads from. */
export interface ExportParts {
  readonly database: Database<Tables>;
  readonly store: FileStore;
  readonly clock?: Clock;
  /** Hears how many messages have been written of a conversation that is done. */
  readonly progress: (conversationTitle: string, messageCount: number) => void;
}

/** What was written. */
export interface ExportSummary {
  readonly conversations: number;
  readonly messages: number;
  readonly files: number;
}

const PAGE = 200;
/** What people have said to each other is for the owner's eyes, wherever the folder is. */
const PRIVATE = { mode: 0o600 } as const;

/**
 * Writes everything that a user can see into an empty folder: `account.json`, `friends.jsonl`, `conversations.jsonl`,
 * `messages/<conversation id>.jsonl` in order of seq, and `files/<file id>`. Left conversations are part of it.
 */
export async function exportAccount(parts: ExportParts, userId: string, folder: string): Promise<ExportSummary> {
  const { read } = parts.database;
  await mkdir(join(folder, "messages"), { recursive: true });
  await mkdir(join(folder, "files"), { recursive: true });
  const row = await read.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirstOrThrow();
  await writeFile(join(folder, "account.json"), `${JSON.stringify(toMe(row), undefined, 2)}\n`, PRIVATE);
  await writeLines(join(folder, "friends.jsonl"), await listFriends(read, userId));
  const ids = await conversationIds(parts, userId);
  const views = await conversationViews(read, userId, ids);
  await writeLines(join(folder, "conversations.jsonl"), views);
  let messages = 0;
  const fileIds = new Set<string>();
  for (const { id, title } of views) {
    const count = await exportMessages(parts, { userId, conversationId: id, folder, fileIds });
    messages += count;
    parts.progress(title === "" ? id : title, count);
  }
  return { conversations: views.length, messages, files: fileIds.size };
}

async function conversationIds({ database }: ExportParts, userId: string): Promise<string[]> {
  const rows = await database.read
    .selectFrom("members")
    .select("conversation_id")
    .where("user_id", "=", userId)
    .orderBy("conversation_id")
    .execute();
  return rows.map((row) => row.conversation_id);
}

interface ExportedConversation {
  readonly userId: string;
  readonly conversationId: string;
  readonly folder: string;
  /** Files that have been written: several messages may show one. */
  readonly fileIds: Set<string>;
}

/** Resolves with the number of messages. */
async function exportMessages(parts: ExportParts, exported: ExportedConversation): Promise<number> {
  const { userId, conversationId, folder } = exported;
  const { database, clock = systemClock } = parts;
  const profiles = new Profiles(database, clock);
  let messages = 0;
  const lines = async function* (): AsyncGenerator<string> {
    for (let after = 0; ;) {
      const page = await pullMessages({ database, clock, profiles }, { conversationId, after, limit: PAGE }, userId);
      for (const message of page.messages) {
        await exportFiles(parts, message, exported);
        yield `${JSON.stringify(message)}\n`;
      }
      messages += page.messages.length;
      after = page.messages.at(-1)?.seq ?? after;
      if (!page.more) return;
    }
  };
  await pipeline(lines, createWriteStream(join(folder, "messages", `${conversationId}.jsonl`), PRIVATE));
  return messages;
}

async function exportFiles(
  { database, store }: ExportParts,
  { body }: Message,
  { userId, folder, fileIds }: ExportedConversation,
): Promise<void> {
  const shown = ["fileId" in body ? body.fileId : undefined, "posterId" in body ? body.posterId : undefined];
  for (const fileId of shown) {
    if (fileId === undefined || fileIds.has(fileId)) continue;
    const file = await database.read.selectFrom("files").selectAll().where("id", "=", fileId).executeTakeFirst();
    if (file === undefined || !(await isReadable(database.read, file, userId))) continue;
    const path = join(folder, "files", `${file.id}${fileExtension(file.name)}`);
    try {
      await pipeline(await store.open(file.storage_key), createWriteStream(path, PRIVATE));
      fileIds.add(fileId);
    } catch (error) {
      // A content that is gone is no reason to keep the rest from its owner.
      if (!(error instanceof FileStoreError) || error.code !== "missing") throw error;
    }
  }
}

function writeLines(path: string, values: readonly object[]): Promise<void> {
  return pipeline(Readable.from(values.map((value) => `${JSON.stringify(value)}\n`)), createWriteStream(path, PRIVATE));
}

/** The extension of a name that somebody gave a file, as far as it is harmless in a name of ours; empty otherwise. */
function fileExtension(name: string): string {
  return /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0].toLowerCase() ?? "";
}
