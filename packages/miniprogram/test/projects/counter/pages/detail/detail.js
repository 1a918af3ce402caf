Page({
  data: { count: 0 },
  onLoad(query) {
    this.setData({ count: query.count });
    wx.setNavigationBarTitle({ title: "详情 " + query.count });
  },
});
