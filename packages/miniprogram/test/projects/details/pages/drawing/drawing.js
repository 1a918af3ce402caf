Page({
  data: { lines: [], url: "", saved: "" },
  onReady() {
    wx.createSelectorQuery()
      .select("#new")
      .node(({ node }) => this.drawNew(node))
      .exec();
    const old = wx.createCanvasContext("old");
    old.setFillStyle("#00ff00");
    old.fillRect(0, 0, 40, 40);
    old.draw(false, () => this.readOld());
  },
  drawNew(canvas) {
    const context = canvas.getContext("2d");
    context.fillStyle = "#ff0000";
    context.fillRect(0, 0, 20, 20);
    this.note(`line ${context.lineWidth}`);
    this.note(`pixel ${Array.from(context.getImageData(5, 5, 1, 1).data).join()}`);
    const hidden = wx.createOffscreenCanvas({ type: "2d", width: 10, height: 10 });
    hidden.getContext("2d").fillStyle = "#0000ff";
    hidden.getContext("2d").fillRect(0, 0, 10, 10);
    context.drawImage(hidden, 40, 0);
    this.note(`hidden ${Array.from(context.getImageData(45, 5, 1, 1).data).join()}`);
    const image = canvas.createImage();
    image.onload = () => {
      context.drawImage(image, 60, 0);
      this.note(`image ${Array.from(context.getImageData(87, 20, 1, 1).data).join()}`);
      this.setData({ url: canvas.toDataURL() });
    };
    image.src = "/images/leaf.svg";
  },
  readOld() {
    wx.canvasGetImageData({
      canvasId: "old",
      x: 0,
      y: 0,
      width: 2,
      height: 1,
      success: ({ data }) => this.note(`old ${Array.from(data.slice(0, 4)).join()}`),
    });
    wx.canvasToTempFilePath({
      canvasId: "old",
      x: 10,
      y: 10,
      width: 20,
      height: 20,
      destWidth: 50,
      destHeight: 60,
      success: ({ tempFilePath }) =>
        wx.getImageInfo({
          src: tempFilePath,
          success: ({ width, height }) => this.setData({ saved: `${width}x${height}` }),
        }),
    });
  },
  note(text) {
    this.setData({ lines: [...this.data.lines, text] });
  },
});
