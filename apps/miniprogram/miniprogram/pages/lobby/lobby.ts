import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";

Page({
  data: { conversationId: "", labels: {}, hasFailed: false },

  onShow() {
    const { labels } = application.words;
    this.setData({ labels });
    wx.setNavigationBarTitle({ title: labels.lobby });
    void this.enter();
  },
  /** Entering twice is the same as once, so each show does it: the user may be another. */
  async enter() {
    const chat = await application.begin();
    if (chat === undefined) return;
    const isIn = await attempt(async () => {
      const { conversation, users } = await chat.call("open_room", { name: "lobby" });
      chat.book.putUsers(users);
      chat.book.putConversation(conversation);
      this.setData({ conversationId: conversation.id });
    });
    this.setData({ hasFailed: !isIn && this.data.conversationId === "" });
  },
});
