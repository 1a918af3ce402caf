var app = getApp();
var count = 0;

Page({
  data: {
    messages: [],
    text: "",
    last: 0,
  },
  onShow: function () {
    var self = this;
    wx.onSocketOpen(function () {
      console.log("socket open");
      self.push({ type: "system", num: 1 });
    });
    wx.onSocketMessage(function (res) {
      self.push(JSON.parse(res.data));
    });
    wx.onSocketClose(function (res) {
      console.log("socket closed " + res.code + " " + res.reason);
    });
    wx.onSocketError(function () {
      console.log("socket error");
    });
    app.getUserInfo(function (user) {
      self.user = user;
      wx.connectSocket({
        url: "wss://" + app.config.host + "/ws?name=" + encodeURIComponent(user.nickName),
        header: { "X-WX-Skey": "secret" },
        method: "GET",
      });
    });
  },
  onHide: function () {
    wx.closeSocket();
  },
  push: function (message) {
    message.id = message.id || ++count;
    this.setData({ messages: this.data.messages.concat(message), last: message.id });
  },
  typed: function (e) {
    this.text = e.detail.value;
  },
  changed: function (e) {
    console.log("changed " + e.detail.value);
  },
  send: function (e) {
    var content = this.text;
    if (!content) return wx.showToast({ title: "写点什么吧", icon: "none" });
    wx.sendSocketMessage({
      data: JSON.stringify({ content: content, text: true }),
      fail: function (res) {
        console.log(res.errMsg);
      },
    });
    this.text = "";
    this.setData({ text: "" });
  },
});
