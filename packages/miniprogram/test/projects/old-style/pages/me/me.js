var app = getApp();
Page({
  data: { userInfo: {}, got: "" },
  onLoad: function () {
    var that = this;
    app.getUserInfo(function (userInfo) {
      that.setData({ userInfo: userInfo });
    });
  },
  got: function (e) {
    this.setData({ got: e.detail.errMsg + " " + (e.detail.encryptedData ? "encrypted" : "plain") });
  },
});
