import type { Message } from "@hutong/chat-api";
import { type Chat, type ConversationEntry, deliveryOf, type MessageRow, toMessageRows } from "@hutong/chat-client";
import type { PendingFile } from "../platform/pending-files";
import { colourOf, type Face } from "./face";
import { dayOf, timeOf } from "./moments";
import { isMentioned } from "./mentions";
import { messageText, type Naming, personFace, senderName } from "./names";
import { type Stretch, stretchAt } from "./stretch";

/** A line across the conversation. */
export interface LineRow {
  readonly kind: "day" | "unread" | "notice";
  /** An element id that stays with what the row shows. */
  readonly key: string;
  readonly text: string;
  /** A message of the user's own that was taken back and whose text is known. */
  readonly canEditAgain: boolean;
  readonly seq: number;
}

/** A message, stored or on its way. */
export interface BubbleRow {
  readonly kind: "bubble";
  readonly key: string;
  /** 0 while the server has not stored it. */
  readonly seq: number;
  readonly clientMessageId: string;
  readonly type: "text" | "image" | "voice" | "other";
  readonly isOwn: boolean;
  /** Begins a group of one sender. */
  readonly isHead: boolean;
  readonly senderId: string;
  readonly name: string;
  readonly colour: string;
  readonly face: Face;
  readonly text: string;
  /** Path on this phone, and size in CSS pixels; of pictures. */
  readonly image: { readonly path: string; readonly width: number; readonly height: number };
  readonly fileId: string;
  readonly seconds: string;
  /** Width of a voice message, in CSS pixels: longer ones are longer. */
  readonly voiceWidth: number;
  /** What it answers; `seq` is where that is. */
  readonly quote: { readonly name: string; readonly text: string; readonly seq: number } | null;
  readonly reactions: readonly { readonly emoji: string; readonly count: number; readonly isOwn: boolean }[];
  readonly time: string;
  readonly isForwarded: boolean;
  readonly isEdited: boolean;
  /** A message of somebody else that mentions the user. */
  readonly isMention: boolean;
  readonly state: "stored" | "sending" | "refused";
  /** What became of it; `""` for nothing to say. */
  readonly mark: string;
}

/** One row of a conversation, from top to bottom. */
export type TalkRow = LineRow | BubbleRow;

/** What the rows are made from. */
export interface TalkSource extends Naming {
  readonly chat: Naming["chat"] & Pick<Chat<PendingFile>, "outbox">;
  readonly entry: ConversationEntry;
  /** The part of the conversation that is shown. @defaultValue the newest */
  readonly stretch?: Stretch;
  /** The line of the unread stands before the first message of somebody else after this seq; `undefined` for no line. */
  readonly unreadAfter: number | undefined;
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
  /** Path of a small picture on this phone; `""` until it is there. */
  readonly thumbnail: (fileId: string) => string;
  /** Whether the text of a message that was taken back is still known here. */
  readonly isTextKnown: (seq: number) => boolean;
}

/** Largest picture in a conversation, in CSS pixels. */
const MAX_SIDE = 200;
const MIN_SIDE = 60;
/** Bounds of a voice message's width, in CSS pixels, and what a second adds. */
const VOICE_WIDTH = { least: 76, most: 210, perSecond: 4 };

/** Cuts a stretch of a conversation into rows. */
export function talkRows(source: TalkSource): readonly TalkRow[] {
  const { entry, chat, unreadAfter } = source;
  // The log is no signal; its version is.
  void entry.logVersion.value;
  const { log } = entry;
  const { before, after } = source.stretch ?? stretchAt(entry, undefined);
  const from = before?.hi ?? 0;
  const to = after?.lo ?? Infinity;
  const pending = chat.outbox.entries.value.filter(({ conversationId }) => conversationId === entry.id);
  const rows = toMessageRows({
    messages: log.messages.filter(({ seq }) => seq > from && seq < to),
    holes: before === undefined ? [] : [before],
    // What is on its way follows the newest message.
    pending: after === undefined ? pending : [],
    unreadAfter,
    userId: chat.userId,
  });
  return rows.flatMap((row) => talkRow(source, row) ?? []);
}

/** What a row looks like; `undefined` for what a phone does not show. */
function talkRow(source: TalkSource, row: MessageRow<PendingFile>): TalkRow | undefined {
  const { words, now } = source;
  switch (row.kind) {
    case "start":
    case "hole":
      return undefined;
    case "day":
      return line("day", row.key, `${dayOf(row.at, now, words)} ${timeOf(row.at)}`);
    case "unread":
      return line("unread", row.key, words.labels.unreadLine);
    case "message":
      return messageRow(source, row);
    case "pending":
      return pendingRow(source, row);
    default:
      return row satisfies never;
  }
}

/** An element id must not begin with a digit. */
const idOf = ({ key }: MessageRow): string => `m-${key}`;

function line(kind: LineRow["kind"], key: string, text: string): LineRow {
  return { kind, key, text, canEditAgain: false, seq: 0 };
}

function messageRow(source: TalkSource, row: Extract<MessageRow, { readonly kind: "message" }>): TalkRow {
  const { chat, isTextKnown } = source;
  const { message, isHead } = row;
  const { seq, type, senderId } = message;
  const key = idOf(row);
  const text = messageText(source, message);
  if (type === "notice" || type === "removed") return line("notice", key, text);
  const isOwn = senderId === chat.userId;
  if (type === "recalled") return { kind: "notice", key, text, canEditAgain: isOwn && isTextKnown(seq), seq };
  const name = senderName(source, message);
  return {
    ...bubble(source, { key, isOwn, isHead, senderId }),
    ...contentOf(source, message),
    seq,
    name,
    colour: colourOf(name),
    quote: quoteOf(source, message.replyTo),
    reactions: message.reactions.map(({ emoji, count, userIds }) => ({
      emoji,
      count,
      isOwn: userIds.includes(chat.userId),
    })),
    time: timeOf(message.createdAt),
    isForwarded: message.forwarded,
    isEdited: message.editedAt > 0,
    isMention: isMentioned(chat.userId, message),
    mark: isOwn ? markOf(source, message) : "",
  };
}

type PendingRow = Extract<MessageRow<PendingFile>, { readonly kind: "pending" }>;

function pendingRow(source: TalkSource, row: PendingRow): BubbleRow {
  const { chat, words } = source;
  const { clientMessageId, content, file, state, replyTo = 0, createdAt } = row.entry;
  const share = state.kind === "uploading" ? ` ${Math.round(state.progress * 100)}%` : "";
  const isRefused = state.kind === "refused";
  return {
    ...bubble(source, { key: idOf(row), isOwn: true, isHead: row.isHead, senderId: chat.userId }),
    ...(file === undefined ? {} : pendingContent(file, words.seconds)),
    text: content?.type === "text" ? content.body.text : "",
    clientMessageId,
    quote: quoteOf(source, replyTo),
    time: timeOf(createdAt),
    state: isRefused ? "refused" : "sending",
    mark: isRefused ? words.errorText(state.code) : words.labels.sending + share,
  };
}

function bubble(
  source: TalkSource,
  { key, isOwn, isHead, senderId }: Pick<BubbleRow, "key" | "isOwn" | "isHead" | "senderId">,
): BubbleRow {
  return {
    ...{ kind: "bubble", key, seq: 0, clientMessageId: "", type: "text", isOwn, isHead, senderId },
    ...{ name: "", colour: "", face: personFace(source, senderId), text: "" },
    ...{ image: { path: "", width: 0, height: 0 }, fileId: "", seconds: "", voiceWidth: 0 },
    ...{ quote: null, reactions: [], time: "", isForwarded: false, isEdited: false, isMention: false },
    ...{ state: "stored", mark: "" },
  };
}

type Content = Partial<Pick<BubbleRow, "type" | "text" | "image" | "fileId" | "seconds" | "voiceWidth">>;

function contentOf(source: TalkSource, message: Message): Content {
  switch (message.type) {
    case "image": {
      const { fileId, width, height, caption = "" } = message.body;
      const image = { path: source.thumbnail(fileId), ...fitted(width, height) };
      return { type: "image", text: caption, image, fileId };
    }
    case "voice":
      return { type: "voice", ...voiceOf(message.body.durationMs, source.words.seconds), fileId: message.body.fileId };
    case "text":
      return { text: message.body.text };
    default:
      return { type: "other", text: messageText(source, message) };
  }
}

function pendingContent(
  { kind, path, width, height, durationMs }: PendingFile,
  seconds: (number: number) => string,
): Content {
  if (kind === "voice") return { type: "voice", ...voiceOf(durationMs, seconds) };
  return { type: "image", image: { path, ...fitted(width, height) } };
}

function voiceOf(durationMs: number, write: (number: number) => string): Pick<BubbleRow, "seconds" | "voiceWidth"> {
  const seconds = Math.max(1, Math.round(durationMs / 1000));
  const { least, most, perSecond } = VOICE_WIDTH;
  return { seconds: write(seconds), voiceWidth: Math.min(most, least + perSecond * seconds) };
}

/** The size that a picture is shown in. */
export function fitted(width: number, height: number): { readonly width: number; readonly height: number } {
  if (width <= 0 || height <= 0) return { width: MAX_SIDE, height: MAX_SIDE };
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  return {
    width: Math.max(MIN_SIDE, Math.round(width * scale)),
    height: Math.max(MIN_SIDE, Math.round(height * scale)),
  };
}

function quoteOf(source: TalkSource, replyTo: number): BubbleRow["quote"] {
  if (replyTo === 0) return null;
  const answered = source.entry.log.get(replyTo);
  if (answered === undefined) return { name: "", text: source.words.labels.earlier, seq: replyTo };
  return { name: senderName(source, answered), text: messageText(source, answered), seq: replyTo };
}

/** How far an own message has come: with one other, or for how many. Rooms do not tell. */
function markOf({ entry, words, chat }: TalkSource, { seq }: Message): string {
  const delivery = deliveryOf(entry, seq, chat.userId);
  if (delivery === undefined) return "";
  if (entry.view.value.type === "direct") return words[delivery.kind];
  return delivery.kind === "read" ? words.readBy(delivery.readerCount) : "";
}
