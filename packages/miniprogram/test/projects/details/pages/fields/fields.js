Page({
  data: { text: "one\ntwo\nthree\nfour\nfive" },
  clear() {
    this.setData({ text: "" });
  },
});
