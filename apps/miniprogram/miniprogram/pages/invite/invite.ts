import { application } from "../../platform/application";
import { attempt, confirmed } from "../../platform/attempt";
import { namingOf } from "../../platform/naming";
import { SERVERS } from "../../config";
import { pictureOfSvg } from "../../view/invitation";
import { shortMoment, timeOf } from "../../view/moments";
import { conversationTitle } from "../../view/names";

/** A link into a group, with its QR code. */
Page({
  data: { labels: {}, title: "", qr: "", link: "", until: "", isAdmin: false, hasFailed: false, isVoid: false },
  conversationId: "",
  token: "",

  onLoad({ id = "" }) {
    const { labels } = application.words;
    this.conversationId = id;
    this.setData({ labels });
    wx.setNavigationBarTitle({ title: labels.invitation });
    void this.create();
  },
  async create() {
    const chat = await application.begin();
    const { conversationId } = this;
    if (chat === undefined) return;
    this.setData({ hasFailed: false, isVoid: false });
    const isMade = await attempt(async () => {
      const { words } = application;
      const { invite } = await chat.call("create_invite", { conversationId });
      const view = chat.book.entry(conversationId)?.view.peek();
      const { token, path, qr, expiresAt } = invite;
      this.token = token;
      this.setData({
        title: view === undefined ? "" : conversationTitle(namingOf(chat), view),
        qr: pictureOfSvg(qr),
        link: SERVERS.chat + path,
        until: words.validUntil(`${shortMoment(expiresAt, chat.engine.now(), words)} ${timeOf(expiresAt)}`),
        isAdmin: view?.role !== "member",
      });
    });
    this.setData({ hasFailed: !isMade });
  },
  copy() {
    wx.setClipboardData({ data: this.data.link });
  },
  async revoke() {
    const { chat } = application;
    const { labels } = application.words;
    if (chat === undefined || !(await confirmed(labels.revokeInvites, labels.revokeInvitesText))) return;
    const { conversationId } = this;
    const isDone = await attempt(() => chat.call("revoke_invites", { conversationId }));
    if (isDone) this.setData({ isVoid: true, qr: "", link: "" });
  },
  onShareAppMessage(): { readonly title: string; readonly path: string } {
    return { title: this.data.title, path: `/pages/join/join?token=${this.token}` };
  },
});
