import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";

Page({
  data: { conversationId: "", at: 0 },

  /** `at` is the seq of the message that the conversation is opened for. */
  onLoad({ id = "", at = "0" }) {
    const seq = Number(at);
    this.setData({ at: Number.isSafeInteger(seq) ? seq : 0 });
    void this.open(id);
  },
  /** A notice or a link may lead to a conversation that this phone does not know yet. */
  async open(conversationId: string) {
    const chat = await application.begin();
    if (chat === undefined) return;
    const isThere = await attempt(async () => {
      if (chat.book.entry(conversationId) !== undefined) return;
      const { conversation, users } = await chat.call("get_conversation", { conversationId });
      chat.book.putUsers(users);
      chat.book.putConversation(conversation);
    });
    if (isThere) this.setData({ conversationId });
  },
});
