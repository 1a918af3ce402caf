App({
  globalData: { name: "gallery" },
  onPageNotFound() {},
});
