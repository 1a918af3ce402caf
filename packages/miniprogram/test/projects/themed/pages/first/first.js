Page({
  data: { result: "" },
  onLoad() {
    wx.setStorageSync("opened", wx.getStorageSync("opened") || "before");
  },
  setBadge() {
    wx.setTabBarBadge({ index: 1, text: "7" });
    wx.setTabBarItem({ index: 1, text: "Renamed" });
  },
  choose() {
    this.show(wx.showActionSheet({ itemList: ["one", "two"] }));
  },
  ask() {
    this.show(wx.showModal({ title: "Sure?" }));
  },
  load() {
    this.show(wx.request({ url: "https://10.0.0.1/private" }));
  },
  show(call) {
    const done = ({ errMsg, cancel }) => this.setData({ result: cancel ? `${errMsg} cancel` : errMsg });
    Promise.resolve(call).then(done, done);
  },
});
