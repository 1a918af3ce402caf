const files = wx.getFileSystemManager();
const path = `${wx.env.USER_DATA_PATH}/pictures/leaf.svg`;
const picture = (colour) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="${colour}"/></svg>`;

Page({
  data: { path: "", size: "", saved: 0 },
  onLoad() {
    if (files.readdirSync(wx.env.USER_DATA_PATH).includes("pictures")) this.show();
    this.count();
  },
  write() {
    files.writeFileSync(path, picture("#00aa00"));
    this.show();
    this.save();
  },
  save() {
    wx.saveFile({ tempFilePath: path, success: () => this.count() });
  },
  show() {
    this.setData({ path });
    wx.getImageInfo({ src: path, success: ({ width, height }) => this.setData({ size: `${width}x${height}` }) });
  },
  preview() {
    wx.previewImage({ urls: [path] });
  },
  count() {
    wx.getSavedFileList({ success: ({ fileList }) => this.setData({ saved: fileList.length }) });
  },
});
