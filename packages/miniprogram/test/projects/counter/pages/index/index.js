const { clamp } = require("../../utils/number");

Page({
  data: { count: wx.getStorageSync("count") || 0 },
  add(event) {
    const count = clamp(this.data.count + event.currentTarget.dataset.step, 0, 99);
    this.setData({ count });
    wx.setStorageSync("count", count);
  },
  open() {
    wx.navigateTo({ url: `/pages/detail/detail?count=${this.data.count}` });
  },
});
