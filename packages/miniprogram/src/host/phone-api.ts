/** APIs that the phone shows or asks the user for. */
export const PHONE_APIS = [
  ...["showToast", "hideToast", "showLoading", "hideLoading", "showModal", "showActionSheet"],
  ...["setNavigationBarTitle", "setNavigationBarColor", "showNavigationBarLoading", "hideNavigationBarLoading"],
  ...["hideHomeButton", "setBackgroundColor", "setBackgroundTextStyle"],
  ...["showTabBar", "hideTabBar", "setTabBarItem", "setTabBarStyle", "setTabBarBadge", "removeTabBarBadge"],
  ...["showTabBarRedDot", "hideTabBarRedDot"],
  ...["chooseImage", "chooseMedia", "chooseVideo", "chooseMessageFile", "previewImage", "previewMedia"],
  ...["setClipboardData", "getClipboardData", "scanCode", "makePhoneCall", "vibrateShort", "vibrateLong"],
  ...["openLocation", "openDocument", "requestSubscribeMessage", "operateAudio", "operateRecorder", "hideKeyboard"],
] as const;

/** APIs that do nothing here and succeed: they change things that a browser does not show. */
export const QUIET_APIS = [
  ...["setKeepScreenOn", "setScreenBrightness", "showShareMenu", "hideShareMenu", "updateShareMenu"],
  ...["saveImageToPhotosAlbum", "saveVideoToPhotosAlbum"],
] as const;
