import { codeOf } from "@hutong/chat-client";
import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";
import { textValue } from "../../platform/event-values";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import { invitationIn, type Invited, invitedView } from "../../view/invitation";

const follower = (page: { setData(patch: object): void }, invited: () => Invited | undefined) =>
  followChat(page, (chat) => {
    const { labels } = application.words;
    const known = invited();
    if (known === undefined) return { labels };
    const isVisitor = chat.me.value.kind === "visitor";
    return { labels, isKnown: true, isVisitor, ...invitedView(namingOf(chat), known) };
  });

/** What an invitation leads to, and the way in. */
Page({
  data: { labels: {}, isKnown: false, isMember: false, trouble: "", message: "", isWaiting: false, isBusy: false },
  follower: undefined as ReturnType<typeof follower> | undefined,
  invited: undefined as Invited | undefined,
  token: "",

  onLoad(query) {
    const { labels } = application.words;
    this.token = invitationIn(query);
    this.follower = follower(this, () => this.invited);
    this.setData({ labels });
    wx.setNavigationBarTitle({ title: labels.invitation });
    void this.load();
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
  async load() {
    const { token } = this;
    const chat = await application.begin();
    // The login comes on top; what it leads to is this page again.
    if (chat === undefined) return application.leadTo(`/pages/join/join?token=${token}`);
    this.setData({ trouble: "" });
    const { words } = application;
    try {
      this.invited = await chat.call("get_invite", { token });
      this.follower?.refresh();
    } catch (error) {
      const code = codeOf(error);
      this.setData({ trouble: code === "not_found" ? words.labels.inviteOver : words.errorText(code) });
    }
  },
  wrote(event: WxEvent) {
    this.setData({ message: textValue(event) });
  },
  async join() {
    const { chat } = application;
    const { invited, token } = this;
    if (chat === undefined || invited === undefined || this.data.isBusy) return;
    const { conversationId } = invited;
    const open = (): void => wx.redirectTo({ url: `/pages/chat/chat?id=${conversationId}` });
    if (this.data.isMember) return open();
    this.setData({ isBusy: true });
    await attempt(async () => {
      const { state } = await chat.call("join_group", { token, message: this.data.message.trim() });
      if (state === "joined") open();
      else this.setData({ isWaiting: true });
    });
    this.setData({ isBusy: false });
  },
});
