import { describe } from "../../describe";

Page({
  data: { from: "", heard: "" },
  onLoad({ from }) {
    this.setData({ from: describe(from) });
    this.getOpenerEventChannel().on("question", ({ text }) => this.setData({ heard: text }));
  },
  back() {
    wx.navigateBack({ delta: 1 });
  },
});
