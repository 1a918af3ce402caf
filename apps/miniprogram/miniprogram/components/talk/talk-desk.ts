/**
 * What one open conversation is doing on this phone: what is shown of it, where the reader stands, what is answered
 * and recorded. It lives as long as the component, and follows the chat only while the page is shown.
 */
import type { Message } from "@hutong/chat-api";
import { type ConversationEntry, olderThanHeld } from "@hutong/chat-client";
import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";
import { type ChatFollower, followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import type { PhoneChat } from "../../platform/pending-files";
import type { ViewData } from "../../view/diff-data";
import { conversationTitle, messageText, personName, senderName, silenceText } from "../../view/names";
import { shortMoment } from "../../view/moments";
import { talkRows, typingText } from "../../view/talk-rows";

/** The component that a desk belongs to. */
export interface TalkView {
  setData(patch: ViewData, done?: () => void): void;
}

/** What the view shows of the desk's own. */
interface DeskState {
  readonly answered: Message | undefined;
  readonly isLoading: boolean;
  /** Id of the file of the voice message that plays; `""` for none. */
  readonly playing: string;
}

/** Nearer to the end than this the reader counts as being there, in CSS pixels. */
const END_ZONE = 120;

/** One open conversation. */
export class TalkDesk {
  readonly #view: TalkView;
  readonly #follower: ChatFollower;
  readonly #recalled = new Map<number, string>();
  #conversationId = "";
  #state: DeskState = { answered: undefined, isLoading: false, playing: "" };
  #unreadAfter: number | undefined;
  #isShown = false;
  #isOpening = false;
  #isAtEnd = true;
  /** Of the scrolled area, in CSS pixels; 0 until it was measured. */
  #height = 0;
  #lastSeen = 0;
  #rowCount = 0;
  #title = "";
  #leaveRoom: (() => void) | undefined;

  constructor(view: TalkView) {
    this.#view = view;
    this.#follower = followChat(view, (chat) => this.#viewOf(chat));
  }

  /** The chat and the conversation, where both are known. */
  get place(): { readonly chat: PhoneChat; readonly entry: ConversationEntry } | undefined {
    const { chat } = application;
    const entry = chat?.book.entry(this.#conversationId);
    return chat === undefined || entry === undefined ? undefined : { chat, entry };
  }

  /** The message that is being answered. */
  get answered(): Message | undefined {
    return this.#state.answered;
  }

  /** Shows a conversation; `""` is none yet. */
  open(conversationId: string): void {
    if (conversationId === this.#conversationId) return;
    this.#conversationId = conversationId;
    this.#unreadAfter = undefined;
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
    this.put({ answered: message });
    // What is answered takes room from the messages.
    if (this.#isAtEnd) this.toEnd();
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
    if (this.#height === 0) return;
    const isAtEnd = scrollHeight - scrollTop - this.#height < END_ZONE;
    if (isAtEnd === this.#isAtEnd) return;
    this.#isAtEnd = isAtEnd;
    this.#follower.refresh();
  }

  /** Goes to the newest message. */
  toEnd(): void {
    this.#isAtEnd = true;
    this.#scrollTo("talk-end");
    this.#follower.refresh();
  }

  /** Loads what was said before, and stays where the reader was. */
  async older(): Promise<void> {
    const { place } = this;
    if (place === undefined || this.#state.isLoading || olderThanHeld(place.entry) === undefined) return;
    const first = this.#rowsOf(place.chat, place.entry).find(({ kind }) => kind !== "day")?.key ?? "";
    this.put({ isLoading: true });
    await attempt(() => place.chat.catchUp.older(place.entry));
    this.put({ isLoading: false });
    this.#scrollTo(first);
  }

  #begin(): void {
    void application.begin().then(async () => {
      const { place } = this;
      if (place === undefined || !this.#isShown) return;
      const { chat, entry } = place;
      const { unread, readSeq, type } = entry.view.peek();
      if (unread > 0) this.#unreadAfter = readSeq;
      if (type === "room") this.#leaveRoom ??= chat.link.showRoom(entry.id);
      this.toEnd();
      await this.#load(chat, entry);
    });
  }

  /** Brings the conversation up to date. One at a time: each refresh of an empty view asks for it. */
  async #load(chat: PhoneChat, entry: ConversationEntry): Promise<void> {
    if (this.#isOpening) return;
    this.#isOpening = true;
    await attempt(() => chat.open(entry));
    this.#isOpening = false;
    this.toEnd();
  }

  #viewOf(chat: PhoneChat): ViewData {
    const { labels, links } = application.words;
    const { kind } = chat.link.state.value;
    const common = { labels, link: kind === "live" ? "" : links[kind], isReady: false };
    const entry = chat.book.entries.value.get(this.#conversationId);
    if (entry === undefined) return common;
    const rows = this.#rowsOf(chat, entry);
    this.#follow(chat, entry, rows.length);
    // A conversation that was dropped, because this phone was too far behind, is loaded anew.
    const isLoaded = entry.log.newest !== undefined;
    if (!isLoaded && this.#isShown && kind === "live") void this.#load(chat, entry);
    const { answered, ...own } = this.#state;
    const naming = namingOf(chat);
    const newCount = entry.log.messages.filter(
      ({ seq, senderId }) => seq > this.#lastSeen && senderId !== chat.userId,
    ).length;
    return {
      ...common,
      ...own,
      isReady: true,
      rows,
      status: this.#statusOf(chat, entry),
      silence: silenceText(entry.view.value, chat.engine.now(), application.words),
      isDirect: entry.view.value.peerId !== null,
      isWhole: isLoaded && olderThanHeld(entry) === undefined,
      isAtEnd: this.#isAtEnd,
      newText: this.#isAtEnd || newCount === 0 ? "" : application.words.newMessages(newCount),
      answered:
        answered === undefined
          ? null
          : { name: application.words.replyTo(senderName(naming, answered)), text: messageText(naming, answered) },
    };
  }

  #rowsOf(chat: PhoneChat, entry: ConversationEntry) {
    return talkRows({
      ...namingOf(chat),
      entry,
      unreadAfter: this.#unreadAfter,
      now: chat.engine.now(),
      thumbnail: (fileId) => application.files?.of(fileId, "thumbnail") ?? "",
      isTextKnown: (seq) => this.#recalled.has(seq),
    });
  }

  /** What follows from the conversation having changed: the title, the read mark, and the scroll to the end. */
  #follow(chat: PhoneChat, entry: ConversationEntry, rowCount: number): void {
    const title = conversationTitle(namingOf(chat), entry.view.value);
    if (title !== this.#title) wx.setNavigationBarTitle({ title });
    this.#title = title;
    const hasGrown = rowCount !== this.#rowCount;
    this.#rowCount = rowCount;
    if (!this.#isAtEnd || !this.#isShown || entry.log.newest === undefined) return;
    this.#lastSeen = entry.log.tail;
    chat.reading.read(entry, this.#lastSeen);
    if (hasGrown && !this.#state.isLoading) this.#scrollTo("talk-end");
  }

  #statusOf(chat: PhoneChat, entry: ConversationEntry): string {
    const { words } = application;
    const typing = typingText(namingOf(chat), entry);
    if (typing !== "") return typing;
    const { peerId, memberCount } = entry.view.value;
    if (peerId === null) return words.memberCount(memberCount);
    const presence = chat.book.presences.value.get(peerId);
    if (presence?.online === true) return words.online;
    const lastSeenAt = presence?.lastSeenAt ?? null;
    if (lastSeenAt !== null) return words.lastSeen(shortMoment(lastSeenAt, chat.engine.now(), words));
    return personName(namingOf(chat), peerId);
  }

  #scrollTo(id: string): void {
    // The same id twice scrolls once, and the rows have to be there first.
    wx.nextTick(() => this.#view.setData({ intoView: "" }, () => this.#view.setData({ intoView: id })));
  }
}
