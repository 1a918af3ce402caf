import type { Conversation } from "@hutong/chat-api";
import type { Chat } from "@hutong/chat-client";
import { signal, type Signal } from "@preact/signals";

/** How many members a picture of a group shows. */
const MAX_FACES = 9;

/** The members whose faces stand for one group. */
interface Faces {
  /** The state of the group that they are from, or are asked for. */
  metaSeq: number;
  readonly userIds: Signal<readonly string[]>;
}

/** Who stands for groups without a picture of their own: the first members, asked for one group after the other. */
export class GroupFaces {
  readonly #faces = new WeakMap<Chat, Map<string, Faces>>();
  #turn: Promise<unknown> = Promise.resolve();

  /** Nobody until `load` was answered. Reads a signal. */
  of(chat: Chat, { id }: Conversation): readonly string[] {
    return this.#get(chat, id).userIds.value;
  }

  /** Asks for the members, unless they are known as of this state of the group. */
  load(chat: Chat, { id, metaSeq }: Conversation): void {
    const faces = this.#get(chat, id);
    if (faces.metaSeq >= metaSeq) return;
    const before = faces.metaSeq;
    faces.metaSeq = metaSeq;
    const ask = async (): Promise<void> => {
      const { members } = await chat.call("list_members", { conversationId: id, limit: MAX_FACES });
      chat.book.putUsers(members.map(({ user }) => user));
      faces.userIds.value = members.map(({ user }) => user.id);
    };
    this.#turn = this.#turn.then(ask).catch(() => {
      // The next time that the group is drawn live asks again; until then there is its letter.
      faces.metaSeq = before;
    });
  }

  #get(chat: Chat, id: string): Faces {
    const ofChat = this.#faces.get(chat) ?? new Map<string, Faces>();
    this.#faces.set(chat, ofChat);
    const faces = ofChat.get(id) ?? { metaSeq: -1, userIds: signal([]) };
    ofChat.set(id, faces);
    return faces;
  }
}
