import type { ActionInput, Member } from "@hutong/chat-api";
import { application } from "../../platform/application";
import { askedText, attempt, chooseAction, confirmed } from "../../platform/attempt";
import { dataText } from "../../platform/event-values";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import type { PhoneChat } from "../../platform/pending-files";
import { detailsView, JOIN_MODES, memberLines } from "../../view/details-view";

const follower = (page: { setData(patch: object): void }, place: () => { id: string; members: readonly Member[] }) =>
  followChat(page, (chat) => {
    const { labels } = application.words;
    const { id, members } = place();
    const entry = chat.book.entry(id);
    if (entry === undefined) return { labels };
    const naming = namingOf(chat);
    return { labels, isKnown: true, ...detailsView(naming, entry.view.value), members: memberLines(naming, members) };
  });

Page({
  data: { labels: {}, isKnown: false, members: [], title: "", notice: "", isPinned: false, isMuted: false, peerId: "" },
  follower: undefined as ReturnType<typeof follower> | undefined,
  conversationId: "",
  members: [] as readonly Member[],

  onLoad({ id = "" }) {
    this.conversationId = id;
    this.follower = follower(this, () => ({ id: this.conversationId, members: this.members }));
    wx.setNavigationBarTitle({ title: application.words.labels.details });
  },
  onShow() {
    this.follower?.start();
    void application.begin().then(() => this.load());
  },
  onHide() {
    this.follower?.stop();
  },
  onUnload() {
    this.follower?.stop();
  },
  async load() {
    await this.act(async (chat) => {
      const { conversationId } = this;
      const isDirect = chat.book.entry(conversationId)?.view.peek().type === "direct";
      if (isDirect) return;
      const { members } = await chat.call("list_members", { conversationId, limit: 50 });
      chat.book.putUsers(members.map(({ user }) => user));
      this.members = members;
    });
  },
  /** Does something with the chat, says what went wrong, and shows what has become of it. */
  async act(act: (chat: PhoneChat) => Promise<unknown>) {
    const { chat } = application;
    const isDone = chat !== undefined && (await attempt(() => act(chat)));
    this.follower?.refresh();
    return isDone;
  },
  async updateMembership(change: Omit<ActionInput<"update_membership">, "conversationId">) {
    return this.act(async (chat) => {
      const { conversationId } = this;
      const { conversation } = await chat.call("update_membership", { conversationId, ...change });
      chat.book.putConversation(conversation);
    });
  },
  async updateGroup(change: Omit<ActionInput<"update_group">, "conversationId">) {
    return this.act(async (chat) => {
      const { conversationId } = this;
      const { conversation } = await chat.call("update_group", { conversationId, ...change });
      chat.book.putConversation(conversation);
    });
  },
  /** A switch has moved when the page hears of it; it goes back when what it says cannot be done. */
  async toggled(name: string, event: WxEvent, update: (isOn: boolean) => Promise<boolean>) {
    const isOn = event.detail["value"] === true;
    this.setData({ [name]: isOn });
    if (!(await update(isOn))) this.setData({ [name]: !isOn });
  },
  async togglePin(event: WxEvent) {
    await this.toggled("isPinned", event, (isOn) => this.updateMembership({ pinned: isOn }));
  },
  async toggleMute(event: WxEvent) {
    await this.toggled("isMuted", event, (isOn) => this.updateMembership({ notify: !isOn }));
  },
  async toggleMuteAll(event: WxEvent) {
    await this.toggled("muteAll", event, (isOn) => this.updateGroup({ muteAll: isOn }));
  },
  async chooseJoinMode(event: WxEvent) {
    const joinMode = JOIN_MODES[Number(event.detail["value"])];
    if (joinMode !== undefined) await this.updateGroup({ joinMode });
  },
  async rename() {
    const title = await askedText(application.words.labels.groupName, this.data.title);
    if (title !== undefined) await this.updateGroup({ title });
  },
  async writeNotice() {
    const notice = await askedText(application.words.labels.notice, this.data.notice);
    if (notice !== undefined) await this.updateGroup({ notice });
  },
  addMembers() {
    wx.navigateTo({ url: `/pages/pick/pick?group=${this.conversationId}` });
  },
  search() {
    wx.navigateTo({ url: `/pages/search/search?id=${this.conversationId}` });
  },
  invite() {
    wx.navigateTo({ url: `/pages/invite/invite?id=${this.conversationId}` });
  },
  showPerson(event: WxEvent) {
    wx.navigateTo({ url: `/pages/person/person?id=${dataText(event, "id")}` });
  },
  heldMember(event: WxEvent) {
    const userId = dataText(event, "id");
    const { conversationId } = this;
    const isAdmin = (application.chat?.book.entry(conversationId)?.view.peek().role ?? "member") !== "member";
    if (!isAdmin || userId === application.chat?.userId) return;
    const run = (): void => {
      void this.act((chat) => chat.call("remove_member", { conversationId, userId })).then(() => this.load());
    };
    chooseAction([{ label: application.words.labels.removeMember, run }]);
  },
  async clear() {
    const { clearHistory, clearText } = application.words.labels;
    if (!(await confirmed(clearHistory, clearText))) return;
    await this.act(async (chat) => {
      const { conversation } = await chat.call("clear_history", { conversationId: this.conversationId });
      chat.book.putConversation(conversation);
    });
  },
  async leave() {
    const { leave, leaveText } = application.words.labels;
    await this.end(leave, leaveText, (chat) => chat.call("leave_group", { conversationId: this.conversationId }));
  },
  async dismiss() {
    const { dismiss, dismissText } = application.words.labels;
    await this.end(dismiss, dismissText, (chat) => chat.call("dismiss_group", { conversationId: this.conversationId }));
  },
  async end(title: string, text: string, act: (chat: PhoneChat) => Promise<unknown>) {
    if ((await confirmed(title, text)) && (await this.act(act))) wx.switchTab({ url: "/pages/chats/chats" });
  },
});
