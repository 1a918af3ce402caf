import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";
import { createId } from "../../platform/create-id";
import { dataText, textValue } from "../../platform/event-values";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import { friendLines } from "../../view/contact-lists";

const follower = (page: { setData(patch: object): void }, chosen: ReadonlySet<string>, isNew: boolean) =>
  followChat(page, (chat) => ({
    labels: application.words.labels,
    isNew,
    count: chosen.size,
    friends: friendLines(namingOf(chat)).map((line) => ({ ...line, isChosen: chosen.has(line.id) })),
  }));

/** Chooses friends: for a new group, or for the group that the query names. */
Page({
  data: { labels: {}, friends: [], count: 0, isNew: true, title: "", isBusy: false },
  follower: undefined as ReturnType<typeof follower> | undefined,
  groupId: "",
  /** A retry of a group whose answer was lost makes no second one. */
  clientGroupId: "",

  onLoad({ group = "" }) {
    const { labels } = application.words;
    this.groupId = group;
    this.clientGroupId = createId();
    this.follower = follower(this, chosenOf(this), group === "");
    wx.setNavigationBarTitle({ title: group === "" ? labels.newGroup : labels.chooseFriends });
  },
  onShow() {
    this.follower?.start();
  },
  onHide() {
    this.follower?.stop();
  },
  onUnload() {
    this.follower?.stop();
  },
  toggle(event: WxEvent) {
    const id = dataText(event, "id");
    const chosen = chosenOf(this);
    if (!chosen.delete(id)) chosen.add(id);
    this.follower?.refresh();
  },
  wrote(event: WxEvent) {
    this.setData({ title: textValue(event) });
  },
  async done() {
    const { chat } = application;
    const userIds = [...chosenOf(this)];
    if (chat === undefined || userIds.length === 0 || this.data.isBusy) return;
    const title = this.data.title.trim();
    this.setData({ isBusy: true });
    await attempt(async () => {
      if (this.groupId !== "") {
        await chat.call("add_members", { conversationId: this.groupId, userIds });
        wx.navigateBack();
        return;
      }
      const { clientGroupId } = this;
      const input = { userIds, clientGroupId, ...(title !== "" && { title }) };
      const { conversation } = await chat.call("create_group", input);
      chat.book.putConversation(conversation);
      wx.redirectTo({ url: `/pages/chat/chat?id=${conversation.id}` });
    });
    this.setData({ isBusy: false });
  },
});

/** WeChat copies the fields of a page, and loses a `Set` by it. */
const choices = new WeakMap<object, Set<string>>();

function chosenOf(page: object): Set<string> {
  const chosen = choices.get(page) ?? new Set();
  choices.set(page, chosen);
  return chosen;
}
