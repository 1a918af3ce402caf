App({
  globalData: { started: 0 },
  onLaunch() {
    this.globalData.started += 1;
  },
});
