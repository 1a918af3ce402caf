const FORM = ["name", "disabled"];
const HOVER = ["hoverClass", "hoverStopPropagation", "hoverStartTime", "hoverStayTime"];
const COVER = ["scrollTop", "markerId", "slot"];
const OPEN = ["openType", "appParameter", "lang", "sessionFrom", "sendMessageTitle", "sendMessagePath"];
const TEXT_INPUT = [
  ...["value", "type", "placeholder", "placeholderStyle", "placeholderClass", "maxlength", "cursorSpacing"],
  ...["focus", "autoFocus", "confirmType", "confirmHold", "cursor", "selectionStart", "selectionEnd"],
  ...["adjustPosition", "holdKeyboard", "alwaysEmbed", "cursorColor", "password", "safePasswordCertPath"],
];

const GESTURE = ["tag", "worklet:ongesture", "nativeView", "simultaneousHandlers"];

/** Of every element. */
const COMMON = [
  ...["hidden", "role", "ariaLabel", "ariaRole", "ariaHidden", "ariaChecked", "ariaDisabled", "ariaSelected"],
  ...["ariaExpanded", "animation", "title", "disableScroll"],
];

/**
 * The elements that a view has, with the properties that they take, in the spelling of the logic layer.
 * `slot` and `id` belong to the framework.
 */
export const BUILT_IN_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  ad: ["unitId", "adIntervals", "adType", "adTheme"],
  "ad-custom": ["unitId", "adIntervals"],
  audio: ["src", "loop", "controls", "poster", "name", "author"],
  button: [
    ...FORM,
    ...HOVER,
    ...OPEN,
    "size",
    "type",
    "plain",
    "loading",
    "formType",
    "showMessageCard",
    "phoneNumberNoQuotaToast",
  ],
  camera: ["mode", "devicePosition", "flash", "resolution", "frameSize"],
  canvas: ["type", "canvasId", "disableScroll"],
  "channel-live": ["feedId", "finderUserName"],
  "channel-video": ["feedId", "finderUserName", "autoplay", "loop", "muted", "objectFit"],
  checkbox: [...FORM, "value", "checked", "color"],
  "checkbox-group": FORM,
  "cover-image": ["src", ...COVER],
  "cover-view": COVER,
  "double-tap-gesture-handler": GESTURE,
  "draggable-sheet": ["initialChildSize", "minChildSize", "maxChildSize", "snap", "snapSizes"],
  editor: ["readOnly", "placeholder", "showImgSize"],
  "force-press-gesture-handler": GESTURE,
  form: ["reportSubmit", "reportSubmitTimeout"],
  "functional-page-navigator": ["version", "name", "args"],
  "grid-view": ["type", "crossAxisCount", "maxCrossAxisExtent", "mainAxisGap", "crossAxisGap", "padding"],
  "horizontal-drag-gesture-handler": GESTURE,
  icon: ["type", "size", "color"],
  image: ["src", "mode", "lazyLoad", "webp", "showMenuByLongpress", "fadeIn"],
  input: [...FORM, ...TEXT_INPUT],
  "keyboard-accessory": [],
  label: ["for"],
  "list-view": ["padding"],
  "live-player": ["src", "mode", "autoplay", "muted", "orientation", "objectFit"],
  "live-pusher": ["url", "mode", "autopush", "muted", "enableCamera", "orientation"],
  "long-press-gesture-handler": GESTURE,
  map: [
    "longitude",
    "latitude",
    "scale",
    "markers",
    "polyline",
    "circles",
    "controls",
    "includePoints",
    "showLocation",
  ],
  "match-media": ["minWidth", "maxWidth", "width", "minHeight", "maxHeight", "height", "orientation"],
  "movable-area": ["scaleArea"],
  "movable-view": [
    ...["direction", "inertia", "outOfBounds", "x", "y", "damping", "friction", "disabled"],
    ...["scale", "scaleMin", "scaleMax", "scaleValue", "animation"],
  ],
  navigator: [
    ...HOVER,
    ...["url", "openType", "delta", "target", "appId", "path", "extraData", "version", "shortLink"],
  ],
  "navigation-bar": ["title", "loading", "frontColor", "backgroundColor", "colorAnimationDuration"],
  "official-account": [],
  "official-account-publish": [],
  "open-container": ["transitionDuration", "transitionType", "closedColor", "openColor"],
  "open-data": ["type", "openGid", "lang", "defaultText", "defaultAvatar"],
  "pan-gesture-handler": GESTURE,
  "page-container": ["show", "duration", "zIndex", "overlay", "position", "round", "closeOnSlideDown", "customStyle"],
  "page-meta": [
    "backgroundTextStyle",
    "backgroundColor",
    "rootFontSize",
    "pageStyle",
    "pageFontSize",
    "scrollTop",
    "scrollDuration",
  ],
  picker: [
    ...FORM,
    ...["mode", "range", "rangeKey", "value", "start", "end", "fields", "customItem", "headerText", "level"],
  ],
  "picker-view": ["value", "indicatorStyle", "indicatorClass", "maskStyle", "maskClass", "immediateChange"],
  "picker-view-column": [],
  progress: [
    ...["percent", "showInfo", "borderRadius", "fontSize", "strokeWidth", "color", "activeColor", "backgroundColor"],
    ...["active", "activeMode", "duration"],
  ],
  radio: [...FORM, "value", "checked", "color"],
  "radio-group": FORM,
  "rich-text": ["nodes", "space", "userSelect", "selectable"],
  "root-portal": ["enable"],
  "scale-gesture-handler": GESTURE,
  "scroll-view": [
    ...["scrollX", "scrollY", "upperThreshold", "lowerThreshold", "scrollTop", "scrollLeft", "scrollIntoView"],
    ...["scrollIntoViewOffset", "scrollWithAnimation", "enableBackToTop", "enableFlex", "scrollAnchoring"],
    ...["refresherEnabled", "refresherThreshold", "refresherDefaultStyle", "refresherBackground", "refresherTriggered"],
    ...["bounces", "showScrollbar", "pagingEnabled", "fastDeceleration", "enhanced", "type", "usingSticky"],
  ],
  "share-element": ["mapkey", "transform", "duration", "easingFunction"],
  snapshot: ["mode"],
  span: [],
  "sticky-header": ["offsetTop", "padding"],
  "sticky-section": ["pushPinnedHeader", "padding"],
  slider: [
    ...FORM,
    ...["min", "max", "step", "value", "color", "selectedColor", "activeColor", "backgroundColor", "blockSize"],
    ...["blockColor", "showValue"],
  ],
  swiper: [
    ...["indicatorDots", "indicatorColor", "indicatorActiveColor", "autoplay", "current", "currentItemId", "interval"],
    ...["duration", "circular", "vertical", "previousMargin", "nextMargin", "snapToEdge", "displayMultipleItems"],
    ...["skipHiddenItemLayout", "easingFunction"],
  ],
  "swiper-item": ["itemId", "skipHiddenItemLayout"],
  switch: [...FORM, "checked", "type", "color"],
  "tap-gesture-handler": GESTURE,
  text: ["selectable", "userSelect", "space", "decode", "overflow", "maxLines"],
  textarea: [...FORM, ...TEXT_INPUT, "autoHeight", "fixed", "showConfirmBar", "disableDefaultPadding"],
  video: [
    ...["src", "duration", "controls", "autoplay", "loop", "muted", "initialTime", "poster", "objectFit", "direction"],
    ...["showProgress", "showFullscreenBtn", "showPlayBtn", "showCenterPlayBtn", "enableProgressGesture"],
    ...["showMuteBtn", "danmuList", "danmuBtn", "enableDanmu", "pageGesture", "vslideGesture"],
  ],
  "vertical-drag-gesture-handler": GESTURE,
  view: HOVER,
  "voip-room": ["openid", "mode", "devicePosition", "objectFit"],
  "web-view": ["src"],
};

/** The properties of one element, those that all elements have included. */
export function builtInProperties(tag: string): readonly string[] {
  return [...new Set([...COMMON, ...(BUILT_IN_PROPERTIES[tag] ?? [])])];
}
