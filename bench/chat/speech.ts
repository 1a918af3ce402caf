/** One message of a load. */
export interface Turn {
  readonly conversationId: string;
  readonly senderId: string;
  /** The other one of a direct conversation. */
  readonly peerId: string | undefined;
  readonly text: string;
}

/** Who says what where. */
export interface Speech {
  /** The message with this number. Neighbours are of different conversations where there are several. */
  turn(number: number): Turn;
}

const TEXT = "今天晚上一起去胡同口吃火锅吧, see you at 8 pm, 我在地铁站门口等你。";

/** Takes the conversations, and in each the senders, in turn. */
export function speechOf(
  conversations: readonly { readonly id: string; readonly memberIds: readonly string[]; readonly isDirect: boolean }[],
): Speech {
  return {
    turn: (number) => {
      const place = number % conversations.length;
      const { id = "", memberIds = [], isDirect = false } = conversations[place] ?? {};
      const rank = Math.floor(number / conversations.length) % memberIds.length;
      const peerId = isDirect ? memberIds[1 - rank] : undefined;
      return { conversationId: id, senderId: memberIds[rank] ?? "", peerId, text: `${TEXT} ${number}` };
    },
  };
}
