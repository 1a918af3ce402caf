/** Looks of built-in elements before a project's own styles. Selectors are single tags, so that every class wins. */
export const BASE_STYLE = `
html { height: 100%; -webkit-text-size-adjust: 100%; }
body { background-color: var(--page-ground); min-height: 100%; height: 100%; margin: 0; font: 16px/1.4 -apple-system, "Helvetica Neue", "PingFang SC", "Noto Sans CJK SC", system-ui, sans-serif;
  line-height: normal; color: #000; user-select: none; -webkit-user-select: none; -webkit-tap-highlight-color: transparent; overflow-wrap: break-word; }
html { scrollbar-width: none; }
::-webkit-scrollbar { display: none; }
html.dark body { color: #fff; }
*, ::before, ::after { box-sizing: content-box; }
[hidden] { display: none !important; }
wx-page-host { display: contents; }
wx-view, wx-form, wx-cover-view, wx-swiper-item, wx-radio-group, wx-checkbox-group, wx-movable-area, wx-navigator, wx-root-portal, wx-rich-text, wx-sticky-header, wx-sticky-section, wx-list-view, wx-open-container, wx-snapshot, wx-draggable-sheet { display: block; }
wx-sticky-header { position: sticky; top: 0; z-index: 2; }
wx-grid-view { display: grid; }
wx-tap-gesture-handler, wx-double-tap-gesture-handler, wx-scale-gesture-handler, wx-force-press-gesture-handler, wx-pan-gesture-handler, wx-vertical-drag-gesture-handler, wx-horizontal-drag-gesture-handler, wx-long-press-gesture-handler { display: contents; }
wx-label, wx-text, wx-span, wx-open-data, wx-picker { display: inline; }
wx-picker { display: block; }
wx-text { white-space: pre-line; }
wx-text[selectable] { user-select: text; -webkit-user-select: text; }
wx-text[space="nbsp"], wx-text[space="ensp"], wx-text[space="emsp"] { white-space: pre-wrap; }
wx-swiper-item { position: absolute; left: 0; top: 0; width: 100%; height: 100%; overflow: hidden; will-change: transform; }
wx-scroll-view { display: block; width: 100%; overflow: hidden; scrollbar-width: none; -webkit-overflow-scrolling: touch; }
wx-scroll-view[enable-flex] { display: flex; }
wx-movable-area { position: relative; width: 10px; height: 10px; }
wx-movable-view { display: inline-block; position: absolute; width: 10px; height: 10px; touch-action: none; }
wx-button { position: relative; display: block; box-sizing: border-box; margin-left: auto; margin-right: auto; padding-left: 14px; padding-right: 14px;
  font-size: 18px; line-height: 2.55555556; text-align: center; text-decoration: none; border-radius: 5px; overflow: hidden; color: #000; background-color: #f8f8f8; cursor: pointer; outline-offset: -3px; }
wx-button::after { content: " "; position: absolute; left: 0; top: 0; width: 200%; height: 200%; box-sizing: border-box; border: 1px solid rgba(0, 0, 0, .2);
  border-radius: 10px; transform: scale(.5); transform-origin: 0 0; pointer-events: none; }
:where(html.dark) wx-button { color: rgba(255, 255, 255, .8); background-color: rgba(255, 255, 255, .08); }
wx-button[type="primary"] { color: #fff; background-color: #07c160; }
wx-button[type="warn"] { color: #fff; background-color: #e64340; }
wx-button[plain] { color: #353535; background-color: transparent; }
wx-button[plain][type="primary"] { color: #07c160; }
wx-button[plain][type="warn"] { color: #e64340; }
wx-button[size="mini"] { display: inline-block; font-size: 13px; line-height: 2.3; padding: 0 1.34em; }
wx-button[disabled] { opacity: .6; cursor: default; }
wx-button[loading]::before { content: ""; display: inline-block; width: .9em; height: .9em; margin-right: .5em; vertical-align: -.1em; border-radius: 50%;
  border: 2px solid currentColor; border-right-color: transparent; animation: miniprogram-turn 1s linear infinite; box-sizing: border-box; }
.button-hover { filter: brightness(.92); }
.navigator-hover { opacity: .7; background-color: rgba(0, 0, 0, .05); }
@keyframes miniprogram-turn { to { transform: rotate(360deg); } }
#miniprogram-pull { position: fixed; left: 0; right: 0; top: 0; height: 50px; display: none; align-items: center; justify-content: center; gap: 8px; z-index: 9999; pointer-events: none; }
#miniprogram-pull i { width: 8px; height: 8px; border-radius: 50%; background: rgba(128, 128, 128, .6); animation: miniprogram-blink 1s infinite alternate; }
#miniprogram-pull i:nth-child(2) { animation-delay: .3s; } #miniprogram-pull i:nth-child(3) { animation-delay: .6s; }
@keyframes miniprogram-blink { from { opacity: .3; } }
html.pulled body { padding-top: 50px; } html.pulled #miniprogram-pull { display: flex; }
`;
