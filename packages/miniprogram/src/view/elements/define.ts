import { CheckboxElement, CheckboxGroupElement, RadioElement, RadioGroupElement } from "./choice.ts";
import { ButtonElement } from "./button.ts";
import { CanvasElement } from "./canvas.ts";
import { FormElement } from "./form.ts";
import { IconElement } from "./icon.ts";
import { ImageElement } from "./image.ts";
import { PageContainerElement } from "./page-container.ts";
import { PickerElement } from "./picker.ts";
import { PickerViewColumnElement, PickerViewElement, PlainElement } from "./picker-view.ts";
import { ProgressElement } from "./progress.ts";
import { RichTextElement } from "./rich-text.ts";
import { ScrollViewElement } from "./scroll-view.ts";
import * as simple from "./simple.ts";
import { SliderElement } from "./slider.ts";
import { SwiperElement, SwiperItemElement } from "./swiper.ts";
import { SwitchElement } from "./switch.ts";
import { InputElement, TextareaElement } from "./text-field.ts";

const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  "wx-audio": simple.AudioElement,
  "wx-button": ButtonElement,
  "wx-canvas": CanvasElement,
  "wx-checkbox": CheckboxElement,
  "wx-checkbox-group": CheckboxGroupElement,
  "wx-cover-image": class extends ImageElement {},
  "wx-form": FormElement,
  "wx-icon": IconElement,
  "wx-image": ImageElement,
  "wx-input": InputElement,
  "wx-label": simple.LabelElement,
  "wx-match-media": simple.MatchMediaElement,
  "wx-movable-view": simple.MovableViewElement,
  "wx-navigator": simple.NavigatorElement,
  "wx-open-data": simple.OpenDataElement,
  "wx-page-container": PageContainerElement,
  "wx-page-meta": simple.PageMetaElement,
  "wx-picker": PickerElement,
  "wx-picker-view": PickerViewElement,
  "wx-picker-view-column": PickerViewColumnElement,
  "wx-progress": ProgressElement,
  "wx-radio": RadioElement,
  "wx-radio-group": RadioGroupElement,
  "wx-rich-text": RichTextElement,
  "wx-scroll-view": ScrollViewElement,
  "wx-slider": SliderElement,
  "wx-swiper": SwiperElement,
  "wx-swiper-item": SwiperItemElement,
  "wx-switch": SwitchElement,
  "wx-text": simple.TextElement,
  "wx-textarea": TextareaElement,
  "wx-video": simple.VideoElement,
  "wx-web-view": simple.WebViewElement,
};

/** Elements that only have looks. */
const PLAIN = [
  ...["view", "cover-view", "movable-area", "root-portal", "navigation-bar", "share-element", "keyboard-accessory"],
  ...["sticky-header", "sticky-section", "grid-view", "list-view", "open-container", "snapshot", "span"],
  ...["tap-gesture-handler", "double-tap-gesture-handler", "scale-gesture-handler", "force-press-gesture-handler"],
  ...["pan-gesture-handler", "vertical-drag-gesture-handler", "horizontal-drag-gesture-handler"],
  ...["long-press-gesture-handler", "draggable-sheet"],
];
/** Elements that need WeChat itself. */
const PLACEHOLDERS = [
  ...["camera", "editor", "map", "official-account", "official-account-publish", "ad", "ad-custom"],
  ...["live-player", "live-pusher", "voip-room", "channel-live", "channel-video", "functional-page-navigator"],
];

/** Makes the built-in elements known to the browser, once per page. */
export function defineElements(): void {
  for (const [tag, element] of Object.entries(ELEMENTS)) customElements.define(tag, element);
  for (const tag of PLAIN) customElements.define(`wx-${tag}`, class extends PlainElement {});
  for (const tag of PLACEHOLDERS) customElements.define(`wx-${tag}`, class extends simple.PlaceholderElement {});
}
