/**
 * What is being written in one conversation: a new message, which is kept as a draft, or the text of one that is edited.
 */
import type { Member, Message } from "@hutong/chat-api";
import type { ConversationEntry } from "@hutong/chat-client";
import { attempt } from "../../platform/attempt";
import { namingOf } from "../../platform/naming";
import type { PhoneChat } from "../../platform/pending-files";
import type { ViewData } from "../../view/diff-data";
import {
  EVERYBODY,
  matchMentions,
  mentionedIn,
  type MentionLine,
  mentionLines,
  mentionQuery,
} from "../../view/mentions";
import { personName } from "../../view/names";

/** Where it is written. */
export interface WritingPlace {
  readonly chat: PhoneChat;
  readonly entry: ConversationEntry;
}

/** The conversation that is written in. */
export interface WritingDesk {
  readonly place: WritingPlace | undefined;
  /** The message that is answered. */
  readonly answered: Message | undefined;
  /** The message whose text is edited. */
  readonly edited: Message | undefined;
  answer(message: undefined): void;
  edit(message: undefined): void;
  toEnd(): void;
}

/** What is being written. */
export class Writing {
  readonly #desk: WritingDesk;
  readonly #show: (patch: ViewData) => void;
  #text = "";
  #caret = 0;
  #members: readonly Member[] = [];
  /** The state of the group that the members were asked for. */
  #membersOf = "";

  /** `show` sets data of the view. */
  constructor(desk: WritingDesk, show: (patch: ViewData) => void) {
    this.#desk = desk;
    this.#show = show;
  }

  /** Shows the draft of the conversation, unless a message is edited. */
  begin(): void {
    const { place, edited } = this.#desk;
    if (place === undefined || edited !== undefined) return;
    const text = place.chat.drafts.of(place.entry.id);
    // Whom it mentions is known by the names of the members only.
    if (text.includes("@")) void this.#loadMembers(place);
    this.#put(text, false);
  }

  /** The user has typed; the caret is counted in UTF-16 code units. */
  wrote(text: string, caret: number): void {
    const { place, edited } = this.#desk;
    if (place === undefined) return;
    if (edited === undefined) {
      place.chat.drafts.set(place.entry.id, text);
      place.chat.reading.typing(place.entry, text !== "");
    }
    this.#text = text;
    this.#caret = caret;
    this.#shown();
  }

  /** Puts a text into the field, to be gone on with. */
  write(text: string): void {
    const { place, edited } = this.#desk;
    if (place !== undefined && edited === undefined) place.chat.drafts.set(place.entry.id, text);
    this.#put(text, true);
  }

  /** Mentions somebody: in place of the name that is being typed, or at the end. */
  mention(userId: string): void {
    const { place } = this.#desk;
    if (place === undefined || place.entry.view.peek().peerId !== null || userId === place.chat.userId) return;
    void this.#loadMembers(place);
    const naming = namingOf(place.chat);
    const name = userId === EVERYBODY ? naming.words.labels.everybody : personName(naming, userId);
    const before = this.#text.slice(0, this.#caret);
    const isTyped = mentionQuery(before) !== undefined;
    const kept = isTyped ? before.replace(/@[^@\s]*$/, "") : this.#text;
    this.write(`${kept}@${name} ${isTyped ? this.#text.slice(this.#caret) : ""}`);
  }

  /** Sends what is written, or stores the edit. */
  send(): void {
    const { place, edited, answered } = this.#desk;
    const text = this.#text.trim();
    if (place === undefined || text === "") return;
    if (edited !== undefined) return void this.#saveEdit(place, edited, text);
    const { chat, entry } = place;
    chat.outbox.send({
      conversationId: entry.id,
      content: { type: "text", body: { text } },
      replyTo: answered?.seq ?? 0,
      ...mentionedIn(text, this.#people(place)),
    });
    chat.reading.typing(entry, false);
    chat.drafts.set(entry.id, "");
    this.#put("", false);
    this.#desk.answer(undefined);
    this.#desk.toEnd();
  }

  async #saveEdit({ chat, entry }: WritingPlace, edited: Message, text: string): Promise<void> {
    const isSame = edited.type === "text" && edited.body.text === text;
    const isDone = await attempt(async () => {
      if (isSame) return;
      const answer = await chat.call("edit_message", { conversationId: entry.id, seq: edited.seq, text });
      chat.book.replaceMessage(entry, answer.message);
    });
    if (isDone) this.#desk.edit(undefined);
  }

  #put(text: string, hasFocus: boolean): void {
    this.#text = text;
    this.#caret = text.length;
    if (hasFocus) this.#show({ hasFocus, isVoice: false });
    this.#shown();
  }

  #shown(): void {
    this.#show({ draft: this.#text, canSend: this.#text.trim() !== "", names: this.#names() });
  }

  /** Who fits the name that is being typed. */
  #names(): readonly MentionLine[] {
    const { place, edited } = this.#desk;
    const query = mentionQuery(this.#text.slice(0, this.#caret));
    // An edit mentions nobody anew.
    if (place === undefined || edited !== undefined || query === undefined) return [];
    if (place.entry.view.peek().peerId !== null) return [];
    void this.#loadMembers(place).then((isNew) => {
      if (isNew) this.#shown();
    });
    return matchMentions(this.#people(place), query);
  }

  #people({ chat, entry }: WritingPlace): readonly MentionLine[] {
    return mentionLines(namingOf(chat), this.#members, entry.view.peek());
  }

  /** Resolves with whether there are other members than before. */
  async #loadMembers({ chat, entry }: WritingPlace): Promise<boolean> {
    const { metaSeq } = entry.view.peek();
    const key = `${entry.id}/${metaSeq}`;
    if (key === this.#membersOf) return false;
    this.#membersOf = key;
    try {
      const { members } = await chat.call("list_members", { conversationId: entry.id, limit: 200 });
      chat.book.putUsers(members.map(({ user }) => user));
      this.#members = members;
      return true;
    } catch {
      // Without the list no names are offered; the text can be sent, and the next "@" asks again.
      this.#membersOf = "";
      return false;
    }
  }
}
