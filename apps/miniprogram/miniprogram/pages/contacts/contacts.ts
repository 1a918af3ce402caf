import type { User } from "@hutong/chat-api";
import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";
import { dataText, textValue } from "../../platform/event-values";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import { showBadges } from "../../platform/tab-badge";
import { invitationOf } from "../../view/invitation";
import { foundLines, friendLines, requestLines } from "../../view/contact-lists";

const follower = (page: { setData(patch: object): void }, found: () => readonly User[] | undefined) =>
  followChat(page, (chat) => {
    showBadges(chat);
    const naming = namingOf(chat);
    const users = found();
    return {
      labels: application.words.labels,
      isVisitor: chat.me.value.kind === "visitor",
      requests: requestLines(naming),
      friends: friendLines(naming),
      isSearching: users !== undefined,
      found: foundLines(naming, users ?? []),
    };
  });

Page({
  data: { labels: {}, isVisitor: false, requests: [], friends: [], isSearching: false, found: [], query: "" },
  follower: undefined as ReturnType<typeof follower> | undefined,
  users: undefined as readonly User[] | undefined,

  onShow() {
    wx.setNavigationBarTitle({ title: application.words.tabs[2] ?? "" });
    this.follower ??= follower(this, () => this.users);
    this.follower.start();
  },
  onHide() {
    this.follower?.stop();
  },
  onUnload() {
    this.follower?.stop();
  },
  wrote(event: WxEvent) {
    const query = textValue(event);
    this.setData({ query });
    if (query.trim() !== "") return;
    this.users = undefined;
    this.follower?.refresh();
  },
  async search() {
    const { chat } = application;
    const query = this.data.query.trim();
    if (chat === undefined || query === "") return;
    await attempt(async () => {
      const { users } = await chat.call("search_users", { query });
      chat.book.putUsers(users);
      this.users = users;
      this.follower?.refresh();
    });
  },
  async accept(event: WxEvent) {
    await answer(dataText(event, "id"), "accept");
  },
  async refuse(event: WxEvent) {
    await answer(dataText(event, "id"), "refuse");
  },
  showPerson(event: WxEvent) {
    wx.navigateTo({ url: `/pages/person/person?id=${dataText(event, "id")}` });
  },
  scan() {
    wx.scanCode({
      success: ({ result, path = "" }) => {
        const token = invitationOf(result);
        // The code of a mini-program says itself where it leads.
        const url = token === "" ? path.replace(/^(?!\/)(?=.)/, "/") : `/pages/join/join?token=${token}`;
        if (url.startsWith("/pages/join/")) wx.navigateTo({ url });
        else wx.showToast({ title: application.words.labels.notInvitation, icon: "none" });
      },
      fail: () => undefined,
    });
  },
  newGroup() {
    wx.navigateTo({ url: "/pages/pick/pick" });
  },
});

async function answer(requestId: string, given: "accept" | "refuse"): Promise<void> {
  const { chat } = application;
  if (chat === undefined) return;
  await attempt(async () => {
    const { request } = await chat.call("answer_friend_request", { requestId, answer: given });
    chat.contacts.putRequest(request, "incoming");
  });
}
