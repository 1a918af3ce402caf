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

/**
 * Writes everything that a user can see into an empty folder: `account.json`, `friends.jsonl`, `conversations.jsonl`,
 * `messages/<conversation id>.jsonl` in order of seq, and `files/<file id>`. Left conversations are part of it.
 */
export async function exportAccount(parts: ExportParts, userId: string, folder: string): Promise<ExportSummary> {
  const { read } = parts.database;
  await mkdir(join(folder, "messages"), { recursive: true });
  await mkdir(join(folder, "files"), { recursive: true });
  const row = await read.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirstOrThrow();
  await writeFile(join(folder, "account.json"), `${JSON.stringify(toMe(row), undefined, 2)}\n`);
  await writeLines(join(folder, "friends.jsonl"), await listFriends(read, userId));
  const ids = await conversationIds(parts, userId);
  const views = await conversationViews(read, userId, ids);
  await writeLines(join(folder, "conversations.jsonl"), views);
  let messages = 0;
  let files = 0;
  for (const { id, title } of views) {
    const written = await exportMessages(parts, { userId, conversationId: id, folder });
    messages += written.messages;
    files += written.files;
    parts.progress(title === "" ? id : title, written.messages);
  }
  return { conversations: views.length, messages, files };
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
}

async function exportMessages(
  parts: ExportParts,
  { userId, conversationId, folder }: ExportedConversation,
): Promise<{ readonly messages: number; readonly files: number }> {
  const { database, clock = systemClock } = parts;
  const profiles = new Profiles(database, clock);
  let messages = 0;
  let files = 0;
  const lines = async function* (): AsyncGenerator<string> {
    for (let after = 0; ;) {
      const page = await pullMessages({ database, clock, profiles }, { conversationId, after, limit: PAGE }, userId);
      for (const message of page.messages) {
        files += await exportFiles(parts, message, { userId, folder });
        yield `${JSON.stringify(message)}\n`;
      }
      messages += page.messages.length;
      after = page.messages.at(-1)?.seq ?? after;
      if (!page.more) return;
    }
  };
  await pipeline(lines, createWriteStream(join(folder, "messages", `${conversationId}.jsonl`)));
  return { messages, files };
}

async function exportFiles(
  { database, store }: ExportParts,
  { body }: Message,
  { userId, folder }: Pick<ExportedConversation, "userId" | "folder">,
): Promise<number> {
  const fileIds = ["fileId" in body ? body.fileId : undefined, "posterId" in body ? body.posterId : undefined];
  let count = 0;
  for (const fileId of fileIds) {
    if (fileId === undefined) continue;
    const file = await database.read.selectFrom("files").selectAll().where("id", "=", fileId).executeTakeFirst();
    if (file === undefined || !(await isReadable(database.read, file, userId))) continue;
    const path = join(folder, "files", `${file.id}${fileExtension(file.name)}`);
    try {
      await pipeline(await store.open(file.storage_key), createWriteStream(path));
      count++;
    } catch (error) {
      // A content that is gone is no reason to keep the rest from its owner.
      if (!(error instanceof FileStoreError) || error.code !== "missing") throw error;
    }
  }
  return count;
}

function writeLines(path: string, values: readonly object[]): Promise<void> {
  return pipeline(Readable.from(values.map((value) => `${JSON.stringify(value)}\n`)), createWriteStream(path));
}

/** The extension of a name that somebody gave a file, as far as it is harmless in a name of ours; empty otherwise. */
function fileExtension(name: string): string {
  return /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0].toLowerCase() ?? "";
}
