/** The phone itself: its frame and signs, bars, pages, and what takes the place of a mini-program. */
export const DEVICE_STYLE = `
.holder { position: relative; }
.device {
  position: relative; box-sizing: content-box; border: 11px solid #17181b; border-radius: 52px; background: #17181b;
  box-shadow: 0 0 0 1px var(--rim), 0 18px 50px rgba(0, 0, 0, .25); overflow: hidden; transform-origin: 0 0;
}
.device.square { border-radius: 30px; }
.screen {
  position: relative; width: 100%; height: 100%; clip-path: inset(0 round 41px); background: var(--body);
  isolation: isolate;
}
.device.square .screen { clip-path: inset(0 round 19px); }
.status-bar {
  position: absolute; z-index: 60; left: 0; right: 0; top: 0; height: var(--status); display: flex;
  align-items: center; justify-content: space-between; padding: 0 26px; font-size: 15px; font-weight: 600;
  pointer-events: none; color: var(--bar-text, #000);
}
.status-bar .signs { display: inline-flex; gap: 5px; align-items: center; }
.status-bar .battery {
  width: 24px; height: 12px; border: 1.4px solid currentColor; border-radius: 4px; padding: 1.5px;
}
.status-bar .battery::after {
  content: ""; display: block; height: 100%; background: currentColor; border-radius: 1.5px;
}
.status-bar .waves { display: inline-flex; align-items: flex-end; gap: 2px; height: 11px; }
.status-bar .waves i { width: 3px; background: currentColor; border-radius: 1px; }
.island {
  position: absolute; z-index: 61; top: 10px; left: 50%; width: 110px; height: 30px; transform: translateX(-50%);
  border-radius: 18px; background: #000; pointer-events: none;
}
.device.square :is(.island, .home-line) { display: none; }
.capsule {
  position: absolute; z-index: 62; top: calc(var(--status) + 4px); right: 7px; width: 87px; height: 32px;
  display: flex; border-radius: 16px; border: .5px solid rgba(0, 0, 0, .15); background: rgba(255, 255, 255, .6);
  color: #000;
}
.capsule.white { border-color: rgba(255, 255, 255, .3); background: rgba(0, 0, 0, .2); color: #fff; }
.capsule button { flex: 1; display: grid; place-items: center; }
.capsule button + button { border-left: .5px solid currentColor; border-left-color: rgba(128, 128, 128, .4); }
.capsule .dots { display: flex; gap: 3px; align-items: center; }
.capsule .dots i { width: 4px; height: 4px; border-radius: 50%; background: currentColor; }
.capsule .dots i:nth-child(2) { width: 6px; height: 6px; }
.capsule .ring {
  width: 17px; height: 17px; border: 2.4px solid currentColor; border-radius: 50%; display: grid;
  place-items: center;
}
.capsule .ring::after { content: ""; width: 6px; height: 6px; border-radius: 50%; background: currentColor; }
.pages { position: absolute; inset: 0; z-index: 0; }
.page {
  position: absolute; inset: 0; display: flex; flex-direction: column; background: var(--body);
  box-shadow: -8px 0 24px rgba(0, 0, 0, .08);
}
.page.hidden { visibility: hidden; pointer-events: none; }
.page.tab { bottom: var(--tab-bar); }
.screen:has(.tab-bar[hidden]) .page.tab { bottom: 0; }
.page-frame { flex: 1; width: 100%; min-height: 0; border: 0; display: block; color-scheme: normal; }
.bar {
  flex: none; position: relative; height: calc(var(--status) + 44px); padding: var(--status) 0 4px; display: flex;
  align-items: center; justify-content: center;
}
.bar.custom {
  position: absolute; z-index: 1; left: 0; right: 0; top: 0; background: transparent !important;
  pointer-events: none;
}
.bar.custom > * { display: none; }
.bar-title {
  margin: 0; max-width: calc(100% - 210px); font-size: 17px; font-weight: 600; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap;
}
.bar-button {
  position: absolute; left: 6px; bottom: 6px; width: 36px; height: 36px; display: grid; place-items: center;
}
.bar .spinner { margin-right: 6px; }
.drawing {
  width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round;
  stroke-linejoin: round;
}
.drawing.large { width: 48px; height: 48px; stroke-width: 1.6; }
.tab-bar {
  position: absolute; z-index: 2; left: 0; right: 0; bottom: 0; height: calc(50px + var(--inset));
  padding-bottom: var(--inset); display: flex; background: var(--body); border-top: .5px solid rgba(0, 0, 0, .15);
}
.tab-bar.white-border { border-top-color: rgba(255, 255, 255, .3); }
.tab-item {
  flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px;
  font-size: 11px;
}
.tab-item.without-icon { font-size: 15px; }
.tab-icon { position: relative; }
.tab-icon img { width: 27px; height: 27px; display: block; }
.badge {
  position: absolute; left: 60%; top: -4px; min-width: 16px; padding: 0 4px; border-radius: 8px; background: #fa5151;
  color: #fff; font: 600 10px/16px system-ui; text-align: center;
}
.badge.dot { min-width: 8px; width: 8px; height: 8px; padding: 0; top: 0; left: 85%; }
.home-line {
  position: absolute; z-index: 85; left: 50%; bottom: 8px; width: 134px; height: 5px; margin-left: -67px;
  border-radius: 3px; background: rgba(128, 128, 128, .7); pointer-events: none;
}
.desktop {
  position: absolute; inset: 0; z-index: 80; display: flex; flex-direction: column; align-items: center;
  justify-content: center; gap: 18px; padding: 30px; text-align: center; color: #fff;
  background: linear-gradient(160deg, #2b5876, #4e4376); animation: appear .2s;
}
.desktop button { padding: 12px 26px; border-radius: 24px; background: #fff; color: #222; font-weight: 600; }
.desktop p { margin: 0; opacity: .85; }
.errors {
  position: absolute; inset: 0; z-index: 75; overflow: auto; padding: calc(var(--status) + 50px) 20px 40px;
  background: #1f1416; color: #ffd9d9;
}
.errors h2 { margin: 0 0 4px; font-size: 18px; color: #ff8585; }
.errors p { margin: 0 0 18px; opacity: .8; }
.errors pre {
  margin: 0 0 12px; padding: 12px; border-radius: 8px; background: rgba(255, 255, 255, .07);
  font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
}
.notice { position: absolute; inset: 0; display: grid; place-items: center; color: var(--faint); }
.logic-frame, .file-field {
  position: absolute; width: 1px; height: 1px; border: 0; opacity: 0; pointer-events: none;
}
`;
