import type { Message } from "@hutong/chat-api";

import type { OutboxEntry } from "../outbox/outbox-entry.ts";
import type { SeqRange } from "./message-log.ts";

/** One row of the message list, from top to bottom. `key` stays with what it shows; `isStable` says whether what it shows stays. */
export type MessageRow<TFile = unknown> = RowContent<TFile> & { readonly key: string; readonly isStable: boolean };

type RowContent<TFile> =
  | { readonly kind: "start" }
  /** Messages that are not held. */
  | { readonly kind: "hole"; readonly hole: SeqRange; readonly isFirst: boolean }
  | { readonly kind: "day"; readonly at: number }
  | { readonly kind: "unread" }
  /** `isHead` begins a group of one sender. */
  | { readonly kind: "message"; readonly message: Message; readonly isHead: boolean }
  | { readonly kind: "pending"; readonly entry: OutboxEntry<TFile>; readonly isHead: boolean };

/** What the rows are made from. */
export interface RowSource<TFile = unknown> {
  /** In order. */
  readonly messages: readonly Message[];
  /** What lies between them and is not held, in order. */
  readonly holes: readonly SeqRange[];
  /** What is on its way to the conversation, in the order of writing. */
  readonly pending: readonly OutboxEntry<TFile>[];
  /**
   * The line of the unread stands before the first message of somebody else after this seq, once there is no hole between;
   * `undefined` for no line.
   */
  readonly unreadAfter: number | undefined;
  /** Of the reader. */
  readonly userId: string;
}

/** The longest silence within a group, in milliseconds. */
const MAX_GROUP_GAP_MS = 5 * 60_000;

/** Cuts a conversation into rows. */
export function toMessageRows<TFile = unknown>(source: RowSource<TFile>): readonly MessageRow<TFile>[] {
  const { messages, holes, pending, unreadAfter, userId } = source;
  const rows: MessageRow<TFile>[] = [];
  const isSameDay = createDays();
  let hole = 0;
  let last: Message | undefined;
  let lineAfter = unreadAfter ?? Infinity;
  const putHoles = (before: number): void => {
    for (let next = holes[hole]; next !== undefined && next.lo < before; next = holes[(hole += 1)]) {
      rows.push({ kind: "hole", isStable: false, key: `hole-${next.hi}`, hole: next, isFirst: rows.length === 0 });
      last = undefined;
      // The first unread message may be in there.
      if (next.hi > lineAfter) lineAfter = Infinity;
    }
  };
  if ((holes[0]?.lo ?? Infinity) > (messages[0]?.seq ?? Infinity) || holes.length === 0)
    rows.push({ kind: "start", isStable: false, key: "start" });
  for (const message of messages) {
    putHoles(message.seq);
    if (!isSameDay(message.createdAt)) {
      rows.push({ kind: "day", isStable: false, key: `day-${message.seq}`, at: message.createdAt });
      last = undefined;
    }
    if (message.seq > lineAfter && isUnreadFor(message, userId)) {
      rows.push({ kind: "unread", isStable: true, key: "unread" });
      lineAfter = Infinity;
      last = undefined;
    }
    rows.push({ kind: "message", isStable: true, key: keyOf(message), message, isHead: !continues(last, message) });
    last = message;
  }
  putHoles(Infinity);
  for (const entry of pending) {
    if (!isSameDay(entry.createdAt))
      rows.push({ kind: "day", isStable: false, key: `day-${entry.clientMessageId}`, at: entry.createdAt });
    const isHead =
      last === undefined || last.senderId !== userId || entry.createdAt - last.createdAt > MAX_GROUP_GAP_MS;
    rows.push({
      kind: "pending",
      isStable: true,
      key: entry.clientMessageId,
      entry,
      isHead: isHead && entry === pending[0],
    });
  }
  return rows;
}

function isUnreadFor({ type, senderId }: Message, userId: string): boolean {
  return type !== "notice" && senderId !== userId;
}

/** A message keeps the key that it had while it was on its way, so that its row is not made anew. */
function keyOf(message: Message): string {
  return message.clientMessageId ?? message.id;
}

/** What is shown as a line across the conversation. */
const APART: ReadonlySet<Message["type"]> = new Set(["notice", "recalled", "removed"]);

function continues(last: Message | undefined, next: Message): boolean {
  if (last === undefined || APART.has(last.type) || APART.has(next.type)) return false;
  const isSameName = last.senderId === next.senderId && last.senderName === next.senderName;
  return isSameName && next.createdAt - last.createdAt <= MAX_GROUP_GAP_MS;
}

/** Tells whether a moment lies on the day of the one before; with one date calculation per day, not per message. */
function createDays(): (at: number) => boolean {
  let [from, to] = [Infinity, -Infinity];
  return (at) => {
    if (at >= from && at < to) return true;
    const day = new Date(at);
    from = new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
    to = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
    return false;
  };
}
