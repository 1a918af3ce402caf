import type { Conversation, Message, User } from "@hutong/chat-api";
import type { KeyValueStorage } from "@hutong/client";

import type { ChatClock } from "./clock.ts";
import type { ConversationBook, ConversationEntry } from "./conversations/conversation-book.ts";
import type { SeqRange } from "./conversations/message-log.ts";
import { isRecord } from "./is-record.ts";
import { parseJson } from "./parse-json.ts";
import type { SyncPosition } from "./sync/sync-engine.ts";

/** How much is kept on the device at most. */
export interface KeptLimits {
  /** Conversations, the first of the list. @defaultValue 200 */
  readonly conversations: number;
  /** Conversations whose messages are kept, the first of the list that were opened. @defaultValue 60 */
  readonly logs: number;
  /** Messages of each of them, the newest. @defaultValue 80 */
  readonly messages: number;
}

/** What is kept where nothing else is said. */
export const DEFAULT_KEPT_LIMITS: KeptLimits = { conversations: 200, logs: 60, messages: 80 };

/** What a {@link Keeper} is made of. */
export interface KeeperOptions {
  /** Belongs to one user. */
  readonly storage: KeyValueStorage;
  readonly book: ConversationBook;
  readonly clock: ChatClock;
  readonly limits: KeptLimits;
  readonly position: () => SyncPosition;
  /** Whether the list of conversations goes on beyond what the book holds. */
  readonly hasMore: () => boolean;
}

interface KeptState {
  readonly position: SyncPosition;
  readonly conversations: readonly Conversation[];
  readonly users: readonly User[];
}

/** The newest messages of a conversation, all there is between `lo` and `hi`. */
interface KeptLog extends SeqRange {
  readonly changeSeq: number;
  readonly messages: readonly Message[];
}

/** How long changes are collected before they are written, in milliseconds: less than WeChat lets a mini-program run on. */
const DELAY_MS = 500;
const STATE_KEY = "state";
const LOG_PREFIX = "log:";

/**
 * Keeps what is known on the device, so that the next start shows it at once. A log says itself how far it goes, so that it
 * may be older than the state, or be missing. Nothing rejects: without a storage the next start asks the server for everything.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  /** Log version at the last write, by conversation. */
  readonly #written = new Map<string, number>();
  #stop: (() => void) | undefined;

  /** Nothing is read or written before the first call. */
  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Puts the conversations that an earlier run kept into the book, and gives its position. */
  async restore(): Promise<SyncPosition | undefined> {
    const { storage, book } = this.#options;
    const state = parseState(await storage.get(STATE_KEY).catch(() => undefined));
    if (state === undefined) return undefined;
    book.putUsers(state.users);
    for (const conversation of state.conversations) book.putConversation(conversation);
    await this.#trim();
    return state.position;
  }

  /** Puts the kept messages of a conversation into its log, if that is empty. */
  async restoreMessages(entry: ConversationEntry): Promise<void> {
    if (entry.log.newest !== undefined) return;
    const { storage, book } = this.#options;
    const kept = parseLog(await storage.get(LOG_PREFIX + entry.id).catch(() => undefined));
    if (kept === undefined || entry.log.newest !== undefined) return;
    entry.changeSeq = kept.changeSeq;
    book.putMessages(entry, kept.messages, kept);
    this.#written.set(entry.id, entry.logVersion.peek());
  }

  /** Something has changed: it is written in a moment. */
  touch(): void {
    this.#stop ??= this.#options.clock.after(DELAY_MS, () => {
      this.#stop = undefined;
      void this.write();
    });
  }

  /** Writes now. Everything is handed to the storage before this returns; resolves when it is kept, or could not be. */
  async write(): Promise<void> {
    const { book, limits, position, hasMore } = this.#options;
    const list = book.list.peek();
    const entries = list.slice(0, limits.conversations);
    const isWhole = entries.length === list.length && !hasMore();
    const logs = entries.filter(({ log }) => log.newest !== undefined).slice(0, limits.logs);
    const state: KeptState = {
      // From a part of the list the next start begins it anew: only what changed would come otherwise.
      position: isWhole ? position() : { ...position(), since: 0 },
      conversations: entries.map(({ view }) => view.peek()),
      users: this.#usersOf(entries, logs),
    };
    const writes = [this.#put(STATE_KEY, state)];
    for (const entry of logs) {
      const version = entry.logVersion.peek();
      if (this.#written.get(entry.id) === version) continue;
      this.#written.set(entry.id, version);
      writes.push(this.#put(LOG_PREFIX + entry.id, keptLog(entry, limits.messages)));
    }
    await Promise.all(writes);
  }

  /** Drops what waits. */
  close(): void {
    this.#stop?.();
  }

  #put(key: string, value: KeptState | KeptLog): Promise<void> {
    return this.#options.storage.set(key, JSON.stringify(value)).catch(() => undefined);
  }

  /** Deletes the logs of conversations that are no longer among the first of the list. */
  async #trim(): Promise<void> {
    const { storage, book, limits } = this.#options;
    const keys = new Set(await storage.keys(LOG_PREFIX).catch(() => []));
    const ranked = book.list.peek().map(({ id }) => LOG_PREFIX + id);
    for (const key of ranked.filter((one) => keys.has(one)).slice(0, limits.logs)) keys.delete(key);
    for (const key of keys) storage.delete(key).catch(() => undefined);
  }

  /** Who is named by what is kept. */
  #usersOf(entries: readonly ConversationEntry[], logs: readonly ConversationEntry[]): readonly User[] {
    const { book, limits } = this.#options;
    const ids = new Set<string>();
    for (const { view } of entries) {
      const { peerId, lastMessage } = view.peek();
      if (peerId !== null) ids.add(peerId);
      if (lastMessage !== null) ids.add(lastMessage.senderId);
    }
    for (const { log } of logs) for (const { senderId } of log.messages.slice(-limits.messages)) ids.add(senderId);
    return [...book.users.peek().values()].filter(({ id }) => ids.has(id));
  }
}

/** The newest messages of the last stretch. */
function keptLog({ log, changeSeq }: ConversationEntry, most: number): KeptLog {
  const { lo, hi } = log.newest ?? { lo: 1, hi: 0 };
  const inside = log.messages.filter(({ seq }) => seq >= lo);
  const messages = inside.slice(-most);
  return { changeSeq, messages, lo: messages.length < inside.length ? (messages[0]?.seq ?? hi + 1) : lo, hi };
}

function parseState(text: string | undefined): KeptState | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || !isRecord(value["position"])) return undefined;
  if (!Array.isArray(value["conversations"]) || !Array.isArray(value["users"])) return undefined;
  // Its own writing, whose frame was looked at above.
  return value as Readonly<Record<string, unknown>> & KeptState;
}

function parseLog(text: string | undefined): KeptLog | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || !Array.isArray(value["messages"])) return undefined;
  if ([value["changeSeq"], value["lo"], value["hi"]].some((one) => typeof one !== "number")) return undefined;
  // As above.
  return value as Readonly<Record<string, unknown>> & KeptLog;
}
