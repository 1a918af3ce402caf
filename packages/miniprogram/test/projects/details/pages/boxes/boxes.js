Page({
  data: { isOpen: false, state: "closed" },
  open() {
    this.setData({ isOpen: true });
  },
  entered() {
    this.setData({ state: "entered" });
  },
  failed() {
    this.setData({ state: "failed" });
  },
});
