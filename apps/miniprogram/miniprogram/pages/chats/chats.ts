import { application } from "../../platform/application";
import { attempt, chooseAction } from "../../platform/attempt";
import { dataText } from "../../platform/event-values";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import { nameTabs, showBadges } from "../../platform/tab-badge";
import { chatItems } from "../../view/chat-items";

const follower = (page: { setData(patch: object): void }) =>
  followChat(page, (chat) => {
    showBadges(chat);
    const { labels, links } = application.words;
    const items = chatItems({ ...namingOf(chat), now: chat.engine.now() });
    const { kind } = chat.link.state.value;
    const link = kind === "live" ? "" : links[kind];
    return { labels, items, link, isEmpty: items.length === 0 && chat.engine.isReady.value };
  });

Page({
  data: { labels: {}, items: [], link: "", isEmpty: false },
  follower: undefined as ReturnType<typeof follower> | undefined,

  onShow() {
    nameTabs();
    wx.setNavigationBarTitle({ title: application.words.labels.chats });
    this.follower ??= follower(this);
    this.follower.start();
  },
  onHide() {
    this.follower?.stop();
  },
  onUnload() {
    this.follower?.stop();
  },
  onPullDownRefresh() {
    const { chat } = application;
    void (chat?.engine.sync() ?? Promise.resolve()).then(() => wx.stopPullDownRefresh());
  },
  onReachBottom() {
    void attempt(() => application.chat?.engine.loadMore() ?? Promise.resolve());
  },
  retryLink() {
    application.chat?.link.retryNow();
    application.files?.retry();
  },
  open(event: WxEvent) {
    wx.navigateTo({ url: `/pages/chat/chat?id=${dataText(event, "id")}` });
  },
  search() {
    wx.navigateTo({ url: "/pages/search/search" });
  },
  enterLobby() {
    wx.switchTab({ url: "/pages/lobby/lobby" });
  },
  held(event: WxEvent) {
    const { chat } = application;
    const entry = chat?.book.entry(dataText(event, "id"));
    if (chat === undefined || entry === undefined) return;
    const { labels } = application.words;
    const { pinnedAt, notify, unread, markedUnread, lastSeq } = entry.view.peek();
    const update = (change: { pinned?: boolean; notify?: boolean; hidden?: boolean; markedUnread?: boolean }) => () => {
      void attempt(async () => {
        const answer = await chat.call("update_membership", { conversationId: entry.id, ...change });
        chat.book.putConversation(answer.conversation);
      });
    };
    const isUnread = unread > 0 || markedUnread;
    chooseAction([
      { label: pinnedAt > 0 ? labels.unpin : labels.pin, run: update({ pinned: pinnedAt === 0 }) },
      { label: notify ? labels.mute : labels.unmute, run: update({ notify: !notify }) },
      isUnread
        ? { label: labels.markRead, run: () => chat.reading.read(entry, lastSeq) }
        : { label: labels.markUnread, run: update({ markedUnread: true }) },
      { label: labels.hide, run: update({ hidden: true }) },
    ]);
  },
});
