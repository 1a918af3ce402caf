/**
 * What one open conversation is doing on this phone: what is shown of it, where the reader stands, what is answered,
 * edited and recorded. It lives as long as the component, and follows the chat only while the page is shown.
 */
import type { Message } from "@hutong/chat-api";
import type { ConversationEntry } from "@hutong/chat-client";
import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";
import { type ChatFollower, followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import type { PhoneChat } from "../../platform/pending-files";
import type { ViewData } from "../../view/diff-data";
import { conversationTitle, silenceText } from "../../view/names";
import { stretchAt } from "../../view/stretch";
import { talkRows } from "../../view/talk-rows";
import { statusText } from "../../view/talk-status";
import { type DeskState, mentionAfter, NOTHING, shapeOf, stateView } from "./desk-state";
import { Writing, type WritingPlace } from "./writing";

/** The component that a desk belongs to. */
export interface TalkView {
  setData(patch: ViewData, done?: () => void): void;
}

/** Nearer to the end than this the reader counts as being there, in CSS pixels. */
const END_ZONE = 120;
/** So many unread messages can be seen at once: a mention among them needs no way to it. */
const SEEN_AT_ONCE = 6;

/** One open conversation. */
export class TalkDesk {
  readonly #view: TalkView;
  readonly #follower: ChatFollower;
  readonly #recalled = new Map<number, string>();
  /** What is being written here. */
  readonly writing: Writing;
  #conversationId = "";
  #state = NOTHING;
  /** Seq in the stretch that is shown; `undefined` for the newest. */
  #at: number | undefined;
  /** Seq of the message that the conversation is opened for. */
  #wanted: number | undefined;
  #unreadAfter: number | undefined;
  #isShown = false;
  #isOpening = false;
  #isFilling = false;
  #isAtEnd = true;
  /** Of the scrolled area, in CSS pixels; 0 until it was measured. */
  #height = 0;
  #lastSeen = 0;
  #shape = "";
  #title = "";
  #leaveRoom: (() => void) | undefined;

  constructor(view: TalkView) {
    this.#view = view;
    this.#follower = followChat(view, (chat) => this.#viewOf(chat));
    this.writing = new Writing(this, (patch) => view.setData(patch));
  }

  /** The chat and the conversation, where both are known. */
  get place(): WritingPlace | undefined {
    const { chat } = application;
    const entry = chat?.book.entry(this.#conversationId);
    return chat === undefined || entry === undefined ? undefined : { chat, entry };
  }

  /** The message that is being answered. */
  get answered(): Message | undefined {
    return this.#state.answered;
  }

  /** The message that is being edited. */
  get edited(): Message | undefined {
    return this.#state.edited;
  }

  /** What it shows of its own. */
  get state(): DeskState {
    return this.#state;
  }

  /** Shows a conversation, at a message where `seq` is not 0; `""` is none yet. */
  open(conversationId: string, seq: number): void {
    if (conversationId === this.#conversationId) return;
    this.#conversationId = conversationId;
    this.#unreadAfter = undefined;
    this.#at = undefined;
    this.#wanted = seq === 0 ? undefined : seq;
    this.#state = NOTHING;
    if (this.#isShown) this.#begin();
  }

  /** The page is shown. */
  show(): void {
    this.#isShown = true;
    this.#follower.start();
    this.#begin();
  }

  /** The page is hidden, or gone. */
  hide(): void {
    this.#isShown = false;
    this.#follower.stop();
    this.#leaveRoom?.();
    this.#leaveRoom = undefined;
  }

  /** Changes what the desk itself shows. */
  put(state: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...state };
    this.#follower.refresh();
  }

  /** Answers a message with what is written next; `undefined` ends that. */
  answer(message: Message | undefined): void {
    if (message !== undefined && this.#state.edited !== undefined) this.edit(undefined);
    this.put({ answered: message });
    // What is answered takes room from the messages.
    if (this.#isAtEnd) this.toEnd();
  }

  /** Edits a message; `undefined` ends that, and the draft is back. */
  edit(message: Message | undefined): void {
    this.put({ edited: message, answered: undefined });
    if (this.#isAtEnd) this.toEnd();
    if (message?.type === "text") this.writing.write(message.body.text);
    else this.writing.begin();
  }

  /** Remembers a text that is taken back, so that it can be written again. */
  rememberRecalled(seq: number, text: string): void {
    this.#recalled.set(seq, text);
  }

  /** The text of a message that was taken back here. */
  recalledText(seq: number): string {
    return this.#recalled.get(seq) ?? "";
  }

  /** Takes the height of the scrolled area, in CSS pixels. */
  measured(height: number): void {
    this.#height = height;
  }

  /** The reader has scrolled. */
  scrolled({ scrollTop, scrollHeight }: { readonly scrollTop: number; readonly scrollHeight: number }): void {
    const { place } = this;
    if (this.#height === 0 || place === undefined) return;
    const isNewest = stretchAt(place.entry, this.#at).after === undefined;
    const isAtEnd = isNewest && scrollHeight - scrollTop - this.#height < END_ZONE;
    if (isAtEnd === this.#isAtEnd) return;
    this.#isAtEnd = isAtEnd;
    this.#follower.refresh();
  }

  /** Goes to the newest message. */
  toEnd(): void {
    this.#isAtEnd = true;
    this.#at = undefined;
    this.#scrollTo("talk-end");
    this.#follower.refresh();
  }

  /** Leads the reader to a message, and loads what surrounds it. */
  async goTo(seq: number): Promise<void> {
    const { place } = this;
    if (place === undefined) return;
    if (!(await attempt(() => place.chat.catchUp.around(place.entry, seq)))) return;
    this.#isAtEnd = false;
    this.#at = seq;
    this.put({ found: seq, mention: 0 });
    const rows = this.#rowsOf(place.chat, place.entry).filter((row) => row.seq > 0);
    // A message that is hidden from the user has its place still.
    const row = rows.find((one) => one.seq >= seq) ?? rows[rows.length - 1];
    if (row !== undefined) this.#scrollTo(row.key);
  }

  /** Loads what was said before, and stays where the reader was. */
  async older(): Promise<void> {
    const { place } = this;
    if (place === undefined || this.#isFilling) return;
    const { before } = stretchAt(place.entry, this.#at);
    if (before === undefined) return;
    const first = this.#rowsOf(place.chat, place.entry).find(({ kind }) => kind !== "day")?.key ?? "";
    this.put({ isLoading: true });
    await this.#fill(() => place.chat.catchUp.fill(place.entry, before, "end"));
    this.put({ isLoading: false });
    this.#scrollTo(first);
  }

  /** Loads what was said after, where the newest message is not shown. */
  async newer(): Promise<void> {
    const { place } = this;
    if (place === undefined || this.#isFilling) return;
    const { after } = stretchAt(place.entry, this.#at);
    if (after !== undefined) await this.#fill(() => place.chat.catchUp.fill(place.entry, after, "start"));
  }

  async #fill(load: () => Promise<void>): Promise<void> {
    this.#isFilling = true;
    await attempt(load);
    this.#isFilling = false;
  }

  #begin(): void {
    void application.begin().then(async () => {
      const { place } = this;
      if (place === undefined || !this.#isShown) return;
      const { chat, entry } = place;
      const { unread, readSeq, type } = entry.view.peek();
      if (unread > 0) this.#unreadAfter = readSeq;
      if (type === "room") this.#leaveRoom ??= chat.link.showRoom(entry.id);
      this.writing.begin();
      // Whoever was led somewhere, and comes back to the page, is there still.
      if (this.#wanted === undefined && this.#at === undefined) this.toEnd();
      const hasMention = entry.view.peek().mentioned && unread > SEEN_AT_ONCE;
      await this.#load(chat, entry);
      if (hasMention) this.put({ mention: mentionAfter(chat.userId, entry, this.#unreadAfter ?? 0) });
    });
  }

  /** Brings the conversation up to date. One at a time: each refresh of an empty view asks for it. */
  async #load(chat: PhoneChat, entry: ConversationEntry): Promise<void> {
    if (this.#isOpening) return;
    this.#isOpening = true;
    await attempt(() => chat.open(entry));
    this.#isOpening = false;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted !== undefined) await this.goTo(wanted);
    else if (this.#at === undefined) this.toEnd();
  }

  #viewOf(chat: PhoneChat): ViewData {
    const { labels, links } = application.words;
    const { kind } = chat.link.state.value;
    const common = { labels, link: kind === "live" ? "" : links[kind], isReady: false };
    const entry = chat.book.entries.value.get(this.#conversationId);
    if (entry === undefined) return common;
    const rows = this.#rowsOf(chat, entry);
    this.#follow(chat, entry, shapeOf(rows));
    // A conversation that was dropped, because this phone was too far behind, is loaded anew.
    const isLoaded = entry.log.newest !== undefined;
    if (!isLoaded && this.#isShown && kind === "live") void this.#load(chat, entry);
    const naming = namingOf(chat);
    const now = chat.engine.now();
    return {
      ...common,
      ...stateView(chat, entry, this.#state),
      isReady: true,
      rows,
      status: statusText(naming, entry, now),
      silence: silenceText(entry.view.value, now, application.words),
      isDirect: entry.view.value.peerId !== null,
      isWhole: isLoaded && stretchAt(entry, this.#at).before === undefined,
      isAtEnd: this.#isAtEnd,
      newText: this.#newText(chat, entry),
    };
  }

  #newText(chat: PhoneChat, entry: ConversationEntry): string {
    if (this.#isAtEnd) return "";
    const isNew = ({ seq, senderId }: Message): boolean => seq > this.#lastSeen && senderId !== chat.userId;
    const count = this.#lastSeen === 0 ? 0 : entry.log.messages.filter(isNew).length;
    return count === 0 ? "" : application.words.newMessages(count);
  }

  #rowsOf(chat: PhoneChat, entry: ConversationEntry) {
    return talkRows({
      ...namingOf(chat),
      entry,
      stretch: stretchAt(entry, this.#at),
      unreadAfter: this.#unreadAfter,
      now: chat.engine.now(),
      thumbnail: (fileId) => application.files?.of(fileId, "thumbnail") ?? "",
      isTextKnown: (seq) => this.#recalled.has(seq),
    });
  }

  /** What follows from the conversation having changed: the title, the read mark, and the scroll to the end. */
  #follow(chat: PhoneChat, entry: ConversationEntry, shape: string): void {
    const title = conversationTitle(namingOf(chat), entry.view.value);
    if (title !== this.#title) wx.setNavigationBarTitle({ title });
    this.#title = title;
    const hasGrown = shape !== this.#shape;
    this.#shape = shape;
    if (!this.#isAtEnd || !this.#isShown || entry.log.newest === undefined || this.#wanted !== undefined) return;
    this.#lastSeen = entry.log.tail;
    chat.reading.read(entry, this.#lastSeen);
    if (hasGrown && !this.#state.isLoading) this.#scrollTo("talk-end");
  }

  #scrollTo(id: string): void {
    // The same id twice scrolls once, and the rows have to be there first.
    wx.nextTick(() => this.#view.setData({ intoView: "" }, () => this.#view.setData({ intoView: id })));
  }
}
