import type { Message } from "@hutong/chat-api";
import type { Chat } from "../model/chat";
import type { ConversationEntry } from "../model/conversation-book";
import type { OutboxEntry, PendingFile } from "../model/outbox-entry";
import { colourOf, type Face } from "./face";
import { dayOf, startOfDay, timeOf } from "./moments";
import { messageText, type Naming, personFace, personName, senderName } from "./names";

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
  readonly quote: { readonly name: string; readonly text: string } | null;
  readonly reactions: readonly { readonly emoji: string; readonly count: number; readonly isOwn: boolean }[];
  readonly time: string;
  readonly state: "stored" | "sending" | "refused";
  /** What became of it; `""` for nothing to say. */
  readonly mark: string;
}

/** One row of a conversation, from top to bottom. */
export type TalkRow = LineRow | BubbleRow;

/** What the rows are made from. */
export interface TalkSource extends Naming {
  readonly chat: Naming["chat"] & Pick<Chat, "outbox">;
  readonly entry: ConversationEntry;
  /** The line of the unread stands before the first message of somebody else after this seq; `undefined` for no line. */
  readonly unreadAfter: number | undefined;
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
  /** Path of a small picture on this phone; `""` until it is there. */
  readonly thumbnail: (fileId: string) => string;
  /** Whether the text of a message that was taken back is still known here. */
  readonly isTextKnown: (seq: number) => boolean;
}

/** The longest silence within a group of messages, in milliseconds. */
const MAX_GROUP_GAP_MS = 5 * 60_000;
/** Largest picture in a conversation, in CSS pixels. */
const MAX_SIDE = 200;
const MIN_SIDE = 60;
/** Bounds of a voice message's width, in CSS pixels, and what a second adds. */
const VOICE_WIDTH = { least: 76, most: 210, perSecond: 4 };

/** Cuts a conversation into rows. */
export function talkRows(source: TalkSource): readonly TalkRow[] {
  const { entry, chat, words, now, unreadAfter } = source;
  const rows: TalkRow[] = [];
  let last: Message | undefined;
  let day = 0;
  let isLineDue = unreadAfter !== undefined;
  const putDay = (at: number, key: string): void => {
    if (startOfDay(at) === day) return;
    day = startOfDay(at);
    rows.push(line("day", key, `${dayOf(at, now, words)} ${timeOf(at)}`));
    last = undefined;
  };
  for (const message of entry.log.messages) {
    putDay(message.createdAt, `day-${message.seq}`);
    if (
      isLineDue &&
      message.seq > (unreadAfter ?? 0) &&
      message.senderId !== chat.userId &&
      message.type !== "notice"
    ) {
      rows.push(line("unread", "unread", words.labels.unreadLine));
      isLineDue = false;
      last = undefined;
    }
    rows.push(messageRow(source, message, !continues(last, message)));
    last = message;
  }
  const pending = chat.outbox.entries.filter(({ conversationId }) => conversationId === entry.id);
  for (const one of pending) {
    putDay(one.createdAt, `day-${one.clientMessageId}`);
    const follows = last?.senderId === chat.userId && one.createdAt - last.createdAt <= MAX_GROUP_GAP_MS;
    rows.push(pendingRow(source, one, !follows && one === pending[0]));
  }
  return rows;
}

function line(kind: LineRow["kind"], key: string, text: string): LineRow {
  return { kind, key, text, canEditAgain: false, seq: 0 };
}

function messageRow(source: TalkSource, message: Message, isHead: boolean): TalkRow {
  const { chat, isTextKnown } = source;
  const { seq, type, senderId } = message;
  const key = keyOf(message);
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
    mark: isOwn ? markOf(source, message) : "",
  };
}

function pendingRow(source: TalkSource, entry: OutboxEntry, isHead: boolean): BubbleRow {
  const { chat, words } = source;
  const { clientMessageId, content, file, state, replyTo, createdAt } = entry;
  const share = state.kind === "uploading" ? ` ${Math.round(state.share * 100)}%` : "";
  const isRefused = state.kind === "refused";
  return {
    ...bubble(source, { key: `m-${clientMessageId}`, isOwn: true, isHead, senderId: chat.userId }),
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
    ...{ quote: null, reactions: [], time: "", state: "stored", mark: "" },
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
  if (answered === undefined) return { name: "", text: source.words.labels.earlier };
  return { name: senderName(source, answered), text: messageText(source, answered) };
}

/** How far an own message has come: with one other, or for how many. Rooms do not tell. */
function markOf({ entry, words, chat }: TalkSource, { seq }: Message): string {
  const { type, peerReadSeq, peerReceivedSeq } = entry.view;
  if (type === "room") return "";
  if (type === "direct") {
    if (peerReadSeq >= seq) return words.read;
    return peerReceivedSeq >= seq ? words.received : words.sent;
  }
  const readers = [...entry.marks].filter(([userId, { readSeq }]) => userId !== chat.userId && readSeq >= seq);
  return readers.length === 0 ? "" : words.readBy(readers.length);
}

/** A message keeps the key that it had while it was on its way, so that its row is not made anew. */
function keyOf({ clientMessageId, id }: Message): string {
  return `m-${clientMessageId ?? id}`;
}

const APART = new Set<Message["type"]>(["notice", "recalled", "removed"]);

function continues(last: Message | undefined, next: Message): boolean {
  if (last === undefined || APART.has(last.type) || APART.has(next.type)) return false;
  const isSameName = last.senderId === next.senderId && last.senderName === next.senderName;
  return isSameName && next.createdAt - last.createdAt <= MAX_GROUP_GAP_MS;
}

/** Who types in a conversation now, as one line; `""` when nobody does. */
export function typingText(naming: Naming, { typing, view }: ConversationEntry): string {
  if (typing.size === 0) return "";
  if (view.peerId !== null) return naming.words.typing;
  return naming.words.typists([...typing.keys()].map((id) => personName(naming, id)).join(naming.words.comma));
}
