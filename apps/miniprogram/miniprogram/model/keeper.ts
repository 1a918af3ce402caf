import type { Conversation, Message, User } from "@hutong/chat-api";
import type { Clock, KeyValueStorage } from "@hutong/client/wechat";
import type { ConversationBook, ConversationEntry } from "./conversation-book";
import { isRecord } from "./is-record";
import { parseJson } from "./parse-json";
import type { SyncPosition } from "./sync-engine";

/** What a {@link Keeper} is made of. */
export interface KeeperOptions {
  /** Belongs to one user. */
  readonly storage: KeyValueStorage;
  readonly book: ConversationBook;
  readonly clock: Clock;
  readonly position: () => SyncPosition;
  /** Whether the list of conversations goes on beyond what the book holds. */
  readonly hasMore: () => boolean;
}

/** The newest messages of a conversation: all there is from `lo` to `hi`. */
interface KeptLog {
  readonly changeSeq: number;
  readonly lo: number;
  readonly hi: number;
  readonly messages: readonly Message[];
}

interface KeptState {
  readonly position: SyncPosition;
  readonly conversations: readonly Conversation[];
  readonly users: readonly User[];
  readonly logs: readonly (readonly [conversationId: string, log: KeptLog])[];
}

/** How long changes are collected before they are kept, in milliseconds: much less than WeChat lets a mini-program run on. */
const KEEP_AFTER_MS = 1_000;
const KEPT_CONVERSATIONS = 60;
/** Conversations whose messages are kept, and how many: together far below WeChat's 1 MB for one text. */
const KEPT_LOGS = 12;
const KEPT_MESSAGES = 30;
const KEY = "state";

/**
 * Keeps what is known on the device, for the next cold start. Position and data are one text, so that the position never
 * says more than the data holds.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  #stop: (() => void) | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Puts what an earlier run kept into the book, and gives its position. Never rejects. */
  async restore(): Promise<SyncPosition | undefined> {
    const { storage, book } = this.#options;
    // No storage, or nothing in it, is the first start.
    const state = parseState(await storage.get(KEY).catch(() => undefined));
    if (state === undefined) return undefined;
    const logs = new Map(state.logs);
    book.putUsers(state.users);
    for (const conversation of state.conversations) {
      const entry = book.putConversation(conversation);
      const log = logs.get(conversation.id);
      if (log === undefined) continue;
      book.editLog(entry, (held) => held.reset(log.messages, log));
      entry.changeSeq = log.changeSeq;
    }
    return state.position;
  }

  /** Something has changed: keeps it in a moment. */
  touch(): void {
    this.#stop ??= this.#options.clock.after(KEEP_AFTER_MS, () => {
      this.#stop = undefined;
      this.keep();
    });
  }

  /** Keeps it now. Where there is no room, the next start asks the server for everything. */
  keep(): void {
    const { storage, book, position, hasMore } = this.#options;
    const isWhole = book.list.length <= KEPT_CONVERSATIONS && !hasMore();
    const entries = book.list.slice(0, KEPT_CONVERSATIONS);
    const logs = entries
      .filter(({ log }) => log.isLoaded)
      .slice(0, KEPT_LOGS)
      .map((entry) => [entry.id, keptLog(entry)] as const);
    const state: KeptState = {
      // From a part of the list the next start begins it anew: only what changed would come otherwise.
      position: isWhole ? position() : { ...position(), since: 0 },
      conversations: entries.map(({ view }) => view),
      users: usersOf(book, entries, logs),
      logs,
    };
    storage.set(KEY, JSON.stringify(state)).catch(() => undefined);
  }

  /** Deletes what is kept. Never rejects. */
  async forget(): Promise<void> {
    this.close();
    await this.#options.storage.delete(KEY).catch(() => undefined);
  }

  /** Drops what waits. */
  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}

function keptLog({ log, changeSeq }: ConversationEntry): KeptLog {
  const messages = log.messages.slice(-KEPT_MESSAGES);
  const { lo, hi } = log.range;
  return { changeSeq, lo: messages.length < log.messages.length ? (messages[0]?.seq ?? hi + 1) : lo, hi, messages };
}

function usersOf(
  book: ConversationBook,
  entries: readonly ConversationEntry[],
  logs: readonly (readonly [string, KeptLog])[],
): readonly User[] {
  const ids = new Set(logs.flatMap(([, { messages }]) => messages.map(({ senderId }) => senderId)));
  for (const { view } of entries) {
    if (view.peerId !== null) ids.add(view.peerId);
    if (view.lastMessage !== null) ids.add(view.lastMessage.senderId);
  }
  return [...ids].flatMap((id) => book.users.get(id) ?? []);
}

function parseState(text: string | undefined): KeptState | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || !isRecord(value["position"])) return undefined;
  const lists = [value["conversations"], value["users"], value["logs"]];
  if (lists.some((list) => !Array.isArray(list))) return undefined;
  // Its own writing, whose frame was looked at above.
  return value as Readonly<Record<string, unknown>> & KeptState;
}
