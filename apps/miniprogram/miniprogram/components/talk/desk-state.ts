/** What a conversation that is open shows beside its messages: what is answered, edited, chosen, found and heard. */
import type { Message } from "@hutong/chat-api";
import type { ConversationEntry } from "@hutong/chat-client";
import { application } from "../../platform/application";
import { namingOf } from "../../platform/naming";
import type { PhoneChat } from "../../platform/pending-files";
import type { ViewData } from "../../view/diff-data";
import { isMentioned } from "../../view/mentions";
import { messageMenu } from "../../view/message-menu";
import { messageText, senderName } from "../../view/names";
import type { TalkRow } from "../../view/talk-rows";

/** What the view shows of the desk's own. */
export interface DeskState {
  readonly answered: Message | undefined;
  readonly edited: Message | undefined;
  /** The message whose menu is open. */
  readonly held: Message | undefined;
  /** Seqs of the messages that are chosen; `undefined` while none are being chosen. */
  readonly chosen: ReadonlySet<number> | undefined;
  /** Seq of the message that the reader was led to; 0 for none. */
  readonly found: number;
  /** Seq of an unread message that mentions the user; 0 for none. */
  readonly mention: number;
  readonly isLoading: boolean;
  /** Id of the file of the voice message that plays; `""` for none. */
  readonly playing: string;
}

/** Nothing of it. */
export const NOTHING: DeskState = {
  ...{ answered: undefined, edited: undefined, held: undefined, chosen: undefined },
  ...{ found: 0, mention: 0, isLoading: false, playing: "" },
};

/** What is shown of the state. Reads signals. */
export function stateView(chat: PhoneChat, entry: ConversationEntry, state: DeskState): ViewData {
  const { words } = application;
  const { answered, edited, held, chosen, found, mention, isLoading, playing } = state;
  const naming = namingOf(chat);
  const about = edited ?? answered;
  const title = (message: Message): string =>
    edited === undefined ? words.replyTo(senderName(naming, message)) : words.labels.editing;
  const source = { userId: chat.userId, entry, now: chat.engine.now(), words };
  return {
    ...{ found, mention, isLoading, playing },
    isEditing: edited !== undefined,
    about: about === undefined ? null : { title: title(about), text: messageText(naming, about) },
    menu: held === undefined ? null : messageMenu(source, held),
    isChoosing: chosen !== undefined,
    chosen: Object.fromEntries([...(chosen ?? [])].map((seq) => [seq, true])),
    chosenText: words.chosenCount(chosen?.size ?? 0),
  };
}

/** Seq of the first message after one that mentions the user; 0 for none that is held. */
export function mentionAfter(userId: string, { log }: ConversationEntry, after: number): number {
  return log.messages.find((message) => message.seq > after && isMentioned(userId, message))?.seq ?? 0;
}

/** What the height of the rows depends on: how many there are, and what hangs on the last one. */
export function shapeOf(rows: readonly TalkRow[]): string {
  const last = rows[rows.length - 1];
  const hanging = last?.kind === "bubble" ? [last.reactions.length > 0, last.mark !== "", last.isEdited] : [];
  return [rows.length, ...hanging].join();
}
