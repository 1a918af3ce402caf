Page({
  data: { log: [], ticks: 0, launches: 0 },
  onLoad() {
    this.setData({ launches: wx.getStorageSync("launches") });
    this.timer = setInterval(() => this.tick(), 100);
    wx.onAppHide(() => this.note("hide"));
    wx.onAppShow(() => this.note("show"));
    const socket = wx.connectSocket({ url: "wss://chat.example.com/ws" });
    socket.onOpen(() => this.note("open"));
    socket.onClose(({ code, reason }) => this.note(`close ${code} ${reason}`));
    socket.onError(() => {});
  },
  onUnload() {
    clearInterval(this.timer);
  },
  tick() {
    this.setData({ ticks: this.data.ticks + 1 });
  },
  note(text) {
    this.setData({ log: [...this.data.log, text] });
  },
});
