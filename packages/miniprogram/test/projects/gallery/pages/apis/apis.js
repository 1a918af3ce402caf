const ACTIONS = {
  toast: () => wx.showToast({ title: "saved", icon: "success" }),
  loading: () => wx.showLoading({ title: "working", mask: true }).then(() => wx.hideLoading()),
  modal: () => wx.showModal({ title: "Sure?", content: "really", confirmText: "Yes" }),
  sheet: () => wx.showActionSheet({ itemList: ["first", "second"] }),
  title: () => wx.setNavigationBarTitle({ title: "renamed" }),
  colour: () => wx.setNavigationBarColor({ frontColor: "#ffffff", backgroundColor: "#07c160" }),
  badge: () => wx.setTabBarBadge({ index: 0, text: "3" }),
  clipboard: async () => {
    await wx.setClipboardData({ data: "copied text" });
    return wx.getClipboardData();
  },
  system: async () => {
    const { windowWidth, platform, theme } = wx.getSystemInfoSync();
    return { errMsg: "getSystemInfo:ok", windowWidth, platform, theme };
  },
  storage: async () => {
    wx.setStorageSync("key", { list: [1, 2] });
    const { data } = await wx.getStorage({ key: "key" });
    wx.removeStorageSync("key");
    return {
      errMsg: `${JSON.stringify(data)} ${JSON.stringify(wx.getStorageSync("key"))} ${wx.getStorageInfoSync().keys.length}`,
    };
  },
  login: async () => {
    const { code } = await wx.login();
    const { userInfo, encryptedData, signature } = await wx.getUserInfo();
    await wx.checkSession();
    return {
      errMsg: `${code.length > 10} ${userInfo.nickName.startsWith("Panda")} ${encryptedData.length > 50} ${signature.length}`,
    };
  },
  unsupported: async () => {
    wx.cloud.init();
    const manager = wx.getSomethingManager();
    manager.onEvent(() => {});
    const error = await wx.startSomething({ a: 1 }).catch((reason) => reason);
    return error;
  },
  refused: () => wx.navigateTo({ url: "/pages/nowhere/nowhere" }),
  channel: () =>
    new Promise((resolve) => {
      wx.navigateTo({
        url: "/sub/pages/deep/deep?from=channel",
        events: { answer: () => {} },
        success: ({ eventChannel, errMsg }) => {
          eventChannel.emit("question", { text: "hello" });
          resolve({ errMsg });
        },
      });
    }),
  relaunch: () => wx.reLaunch({ url: "/pages/component-page/component-page?label=query&count=3" }),
};

Page({
  data: { names: Object.keys(ACTIONS), result: "", tapped: "" },
  async run({ currentTarget }) {
    const result = await ACTIONS[currentTarget.dataset.name]().catch((error) => error);
    this.setData({ result: JSON.stringify(result) });
  },
  onTabItemTap({ index, text }) {
    this.setData({ tapped: `${index} ${text}` });
  },
});
