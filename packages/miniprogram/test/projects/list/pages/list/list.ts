import { createItems, type Item } from "../../items";

interface ListPage {
  setData(data: object): void;
}

declare function Page(definition: object & ThisType<ListPage>): void;
declare const wx: { stopPullDownRefresh(): void };

Page({
  data: { items: createItems(0, 1000) as Item[], more: "" },
  mark(event: { currentTarget: { dataset: { index: number } } }) {
    const { index } = event.currentTarget.dataset;
    this.setData({ [`items[${index}].isMarked`]: true });
  },
  rename() {
    this.setData({ "items[500].name": "renamed" });
  },
  onReachBottom() {
    this.setData({ more: "bottom" });
  },
  onPullDownRefresh() {
    this.setData({ items: createItems(0, 5), more: "refreshed" });
    wx.stopPullDownRefresh();
  },
});
