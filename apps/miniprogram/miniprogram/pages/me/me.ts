import type { ActionInput } from "@hutong/chat-api";
import { application } from "../../platform/application";
import { attempt, confirmed } from "../../platform/attempt";
import { textValue } from "../../platform/event-values";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import { showBadges } from "../../platform/tab-badge";
import { upload } from "../../platform/upload";
import { personFace } from "../../view/names";

const follower = (page: { setData(patch: object): void }) =>
  followChat(page, (chat) => {
    showBadges(chat);
    const { words } = application;
    const { kind, username, nickname, id } = chat.me.value;
    const account = username === null ? "" : words.usernameIs(username);
    return {
      labels: words.labels,
      face: personFace(namingOf(chat), id),
      nickname,
      account: kind === "visitor" ? words.visitor : account,
    };
  });

Page({
  data: { labels: {}, face: {}, nickname: "", account: "" },
  follower: undefined as ReturnType<typeof follower> | undefined,

  onShow() {
    wx.setNavigationBarTitle({ title: application.words.labels.me });
    this.follower ??= follower(this);
    this.follower.start();
  },
  onHide() {
    this.follower?.stop();
  },
  onUnload() {
    this.follower?.stop();
  },
  async update(change: ActionInput<"update_profile">) {
    const { chat } = application;
    if (chat !== undefined) await attempt(async () => chat.putMe(await chat.call("update_profile", change)));
  },
  /** The keyboard offers the WeChat name; it is there when the field is left. */
  async rename(event: WxEvent) {
    const nickname = textValue(event).trim();
    if (nickname !== "" && nickname !== application.chat?.me.peek().nickname) await this.update({ nickname });
  },
  async chooseAvatar(event: WxEvent) {
    const { avatarUrl } = event.detail;
    if (typeof avatarUrl !== "string") return;
    await attempt(async () => {
      const { id } = await upload(avatarUrl, { purpose: "profile", tokens: application.session });
      await this.update({ avatar: id });
    });
  },
  openAuction() {
    wx.navigateTo({ url: "/pages/auction/auction" });
  },
  async signOut() {
    const { signOut, signOutText, signOutVisitor } = application.words.labels;
    const isVisitor = application.chat?.me.peek().kind === "visitor";
    if (await confirmed(signOut, isVisitor ? signOutVisitor : signOutText)) await application.leave();
  },
});
