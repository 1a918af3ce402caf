Page({
  data: {
    target: "",
    top: 0,
    where: "",
    measured: "",
    current: 0,
    swiped: "",
    entries: 0,
    pageScroll: "",
    bottom: "",
    refreshed: "",
  },
  onReady() {
    this.observer = wx.createIntersectionObserver(this, { thresholds: [0, 1] });
    this.observer.relativeToViewport({ bottom: 0 }).observe(".target", ({ intersectionRatio, dataset, id }) => {
      this.setData({ entries: `${id} ${intersectionRatio > 0 ? "seen" : "hidden"} ${Object.keys(dataset).length}` });
    });
  },
  onUnload() {
    this.observer.disconnect();
  },
  jump() {
    this.setData({ target: "line30" });
  },
  scrolled({ detail }) {
    this.setData({ where: Math.round(detail.scrollTop) });
  },
  lower() {},
  measure() {
    const query = this.createSelectorQuery();
    query.select("#tall").fields({ size: true, dataset: true, id: true, computedStyle: ["display"] });
    query.selectAll(".slide").boundingClientRect();
    query.selectViewport().scrollOffset();
    query.select(".missing").boundingClientRect();
    query.exec(([tall, slides, viewport, missing]) => {
      this.setData({
        measured: `${tall.id} ${tall.dataset.kind} ${tall.height} ${tall.display} ${slides.length} ${viewport.scrollTop} ${missing}`,
      });
    });
  },
  swipe() {
    this.setData({ current: 2 });
  },
  swiped({ detail }) {
    this.setData({ swiped: `${detail.current} ${detail.currentItemId}` });
  },
  movedView() {},
  onPageScroll({ scrollTop }) {
    this.setData({ pageScroll: scrollTop > 0 ? "scrolled" : "top" });
  },
  onReachBottom() {
    this.setData({ bottom: "bottom" });
  },
  onPullDownRefresh() {
    this.setData({ refreshed: "refreshed" });
    wx.stopPullDownRefresh();
  },
});
