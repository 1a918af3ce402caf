import { CableAuction } from "../../model/cable-auction";
import { application } from "../../platform/application";
import { askedText, attempt } from "../../platform/attempt";
import { forgetAuctionToken, newestAuction, openCable, takePart } from "../../platform/auction-server";
import { phoneClock } from "../../platform/clock";
import { createId } from "../../platform/create-id";
import { dataText, textValue } from "../../platform/event-values";
import { auctionView } from "../../view/auction-view";
import { diffData } from "../../view/diff-data";
import { moneyOf, parseCents } from "../../view/money";

Page({
  data: { labels: {}, isKnown: false, isMissing: false, typed: "" },
  auction: undefined as CableAuction | undefined,
  shown: {},
  stopClock: (): void => undefined,
  isGone: false,

  onLoad() {
    const { labels } = application.words;
    this.setData({ labels });
    wx.setNavigationBarTitle({ title: labels.auction });
    void this.begin();
  },
  onShow() {
    this.stopClock = phoneClock.every(1_000, () => this.refresh());
    // Whoever was away has a dead link, whether WeChat told of it or not.
    this.auction?.reopen();
  },
  onHide() {
    this.stopClock();
  },
  onUnload() {
    this.isGone = true;
    this.stopClock();
    this.auction?.close();
  },
  async begin() {
    this.setData({ isMissing: false });
    const isFound = await attempt(async () => this.follow(await newestAuction()));
    if (!isFound) this.setData({ isMissing: true });
  },
  follow(auctionId: number) {
    // The answer may come when nobody looks any more.
    if (this.isGone) return;
    this.auction = new CableAuction({
      auctionId,
      open: openCable,
      clock: phoneClock,
      createId,
      changed: () => this.refresh(),
      judged: ({ result, minimum }) => {
        const texts = new Map<string, string>(Object.entries(application.words.bidResults));
        if (result === "OK") this.setData({ typed: "" });
        this.tell((texts.get(result) ?? "").replace("%", moneyOf(minimum)));
      },
      outbid: () => {
        wx.vibrateShort({ type: "medium", fail: () => undefined });
        this.tell(application.words.labels.outbid);
      },
      refused: forgetAuctionToken,
    });
    this.auction.open();
  },
  tell(title: string) {
    wx.showToast({ title, icon: "none" });
  },
  refresh() {
    if (this.auction === undefined) return;
    const next = auctionView(this.auction, application.words);
    const patch = diffData(this.shown, next);
    this.shown = next;
    if (Object.keys(patch).length > 0) this.setData(patch);
  },
  bid(event: WxEvent) {
    this.auction?.bid(Number(dataText(event, "amount")));
  },
  type(event: WxEvent) {
    this.setData({ typed: textValue(event) });
  },
  bidTyped() {
    const amount = parseCents(this.data.typed);
    if (amount !== undefined) this.auction?.bid(amount);
  },
  async join() {
    const name = await askedText(application.words.labels.yourName, application.chat?.me.peek().nickname ?? "");
    if (name === undefined) return;
    await attempt(async () => {
      await takePart(name.slice(0, 30));
      // The token belongs to the handshake.
      this.auction?.reopen();
    });
  },
});
