Page({
  data: {
    modes: ["scaleToFill", "aspectFit", "aspectFill", "top left", "center"],
    icons: ["success", "info", "warn", "waiting", "cancel", "download", "search", "clear", "success_no_circle"],
    html: '<p style="color: rgb(9, 9, 9)">rich <b onclick="alert(1)">text</b></p><script>bad()</script>',
    nodes: [{ name: "div", attrs: { class: "from-nodes" }, children: [{ type: "text", text: "a &amp; b" }] }],
    size: "",
    failure: "",
    finished: "",
  },
  loaded({ detail }) {
    this.setData({ size: `${detail.width}x${detail.height}` });
  },
  failed() {
    this.setData({ failure: "failed" });
  },
  onReady() {
    const paper = wx.createCanvasContext("paper", this);
    paper.setFillStyle("rgb(7, 193, 96)");
    paper.fillRect(0, 0, 50, 50);
    paper.draw();
    wx.createSelectorQuery()
      .select("#paper2")
      .fields({ node: true, size: true })
      .exec(([{ node, width, height }]) => {
        node.width = width;
        node.height = height;
        const context = node.getContext("2d");
        context.fillStyle = "rgb(87, 107, 149)";
        context.fillRect(0, 0, width, height);
      });
  },
  move() {
    const animation = wx.createAnimation({ duration: 50 });
    animation.translateX(20).opacity(0.5).step();
    animation.rotate(90).step({ duration: 20 });
    this.setData({ animation: animation.export() });
  },
  runKeyframes() {
    this.animate(
      "#animated",
      [
        { opacity: 1, translateX: 0 },
        { opacity: 0.25, translateX: 30, ease: "ease-in" },
      ],
      60,
      () => {
        this.setData({ finished: "finished" });
      },
    );
  },
});
