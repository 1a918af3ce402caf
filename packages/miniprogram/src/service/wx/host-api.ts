/** APIs that the host or the phone carries out: arguments in, result out. */
export const HOST_APIS = [
  // Pages
  ...["navigateTo", "redirectTo", "reLaunch", "switchTab", "navigateBack"],
  // What the phone shows
  ...["showToast", "hideToast", "showLoading", "hideLoading", "showModal", "showActionSheet"],
  ...["setNavigationBarTitle", "setNavigationBarColor", "showNavigationBarLoading", "hideNavigationBarLoading"],
  ...["hideHomeButton", "setBackgroundColor", "setBackgroundTextStyle", "startPullDownRefresh", "stopPullDownRefresh"],
  ...["showTabBar", "hideTabBar", "setTabBarItem", "setTabBarStyle", "setTabBarBadge", "removeTabBarBadge"],
  ...["showTabBarRedDot", "hideTabBarRedDot", "hideKeyboard"],
  // Media and files
  ...["chooseImage", "chooseMedia", "chooseVideo", "chooseMessageFile", "previewImage", "previewMedia", "getImageInfo"],
  ...["saveImageToPhotosAlbum", "saveVideoToPhotosAlbum", "openDocument"],
  // The user
  ...["login", "checkSession", "getUserInfo", "getUserProfile", "getSetting", "openSetting", "authorize"],
  ...["requestSubscribeMessage", "chooseAvatar"],
  // The phone
  ...["setClipboardData", "getClipboardData", "scanCode", "makePhoneCall", "vibrateShort", "vibrateLong"],
  ...["getNetworkType", "getLocation", "openLocation", "setKeepScreenOn", "setScreenBrightness"],
  ...["getBatteryInfo", "getRandomValues", "exitMiniProgram"],
  // Sharing
  ...["showShareMenu", "hideShareMenu", "updateShareMenu"],
] as const;

/** Events that `wx.on…` and `wx.off…` know, by the name in between. */
export const HOST_EVENTS = [
  ...["AppShow", "AppHide", "NetworkStatusChange", "ThemeChange", "WindowResize", "KeyboardHeightChange"],
  ...["MemoryWarning", "UserCaptureScreen", "Error", "UnhandledRejection", "PageNotFound", "AudioInterruptionBegin"],
  ...["AudioInterruptionEnd", "NeedPrivacyAuthorization", "NetworkWeakChange", "LocationChange", "DeviceMotionChange"],
  ...["AccelerometerChange", "CompassChange", "GyroscopeChange", "BackgroundFetchData", "LazyLoadError"],
] as const;
