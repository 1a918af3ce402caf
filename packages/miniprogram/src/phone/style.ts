/** Looks of the page with the phone. */
export const PHONE_STYLE = `
:root { --ground: #eceef1; --panel: #fff; --ink: #1d2129; --faint: #6b7280; --line: #dfe2e7; --accent: #07c160; --body: #fff; --sheet: #f7f7f7; --card: #fff; color-scheme: light; }
:root.dark { --ground: #15171b; --panel: #1e2127; --ink: #e6e8eb; --faint: #969ca6; --line: #30343c; --body: #111; --sheet: #1c1c1e; --card: #2c2c2e; color-scheme: dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.45 -apple-system, "Helvetica Neue", "PingFang SC", "Noto Sans CJK SC", "Segoe UI", system-ui, sans-serif; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
button:focus-visible, select:focus-visible, textarea:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.workbench { display: grid; grid-template-columns: auto minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); height: 100%; }
.toolbar { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: center; padding: 10px 18px; background: var(--panel); border-bottom: 1px solid var(--line); }
.toolbar h1 { font-size: 15px; font-weight: 600; margin: 0 8px 0 0; }
.toolbar label { display: inline-flex; align-items: center; gap: 6px; color: var(--faint); font-size: 13px; }
.toolbar select, .toolbar button { height: 30px; padding: 0 10px; border: 1px solid var(--line); border-radius: 7px; background: var(--panel); color: var(--ink); font-size: 13px; }
.toolbar button:hover { border-color: var(--accent); color: var(--accent); }
.toolbar button.primary { background: var(--accent); border-color: var(--accent); color: #fff; }
.toolbar .state { margin-left: auto; display: inline-flex; align-items: center; gap: 8px; color: var(--faint); font-size: 13px; }
.toolbar .state::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--accent); }
.toolbar .state.background::before { background: #f0a020; } .toolbar .state.suspended::before, .toolbar .state.destroyed::before { background: #e5484d; }
.stage { padding: 22px 26px; overflow: auto; display: grid; place-items: start center; }
.holder { position: relative; }
.device { position: relative; box-sizing: content-box; border: 11px solid #17181b; border-radius: 52px; background: #17181b; box-shadow: 0 18px 50px rgba(0, 0, 0, .25), inset 0 0 0 2px #33363c; overflow: hidden; transform-origin: 0 0; }
.device.square { border-radius: 30px; }
.screen { position: relative; width: 100%; height: 100%; border-radius: 41px; overflow: hidden; background: var(--body); isolation: isolate; }
.device.square .screen { border-radius: 19px; }
.status-bar { position: absolute; z-index: 60; left: 0; right: 0; top: 0; height: var(--status); display: flex; align-items: center; justify-content: space-between; padding: 0 26px; font-size: 15px; font-weight: 600; pointer-events: none; color: var(--bar-text, #000); }
.status-bar .signs { display: inline-flex; gap: 5px; align-items: center; }
.status-bar .battery { width: 24px; height: 12px; border: 1.4px solid currentColor; border-radius: 4px; padding: 1.5px; }
.status-bar .battery::after { content: ""; display: block; height: 100%; background: currentColor; border-radius: 1.5px; }
.status-bar .waves { display: inline-flex; align-items: flex-end; gap: 2px; height: 11px; } .status-bar .waves i { width: 3px; background: currentColor; border-radius: 1px; }
.island { position: absolute; z-index: 61; top: 10px; left: 50%; width: 110px; height: 30px; transform: translateX(-50%); border-radius: 18px; background: #000; pointer-events: none; }
.device.square .island { display: none; }
.capsule { position: absolute; z-index: 62; top: calc(var(--status) + 4px); right: 7px; width: 87px; height: 32px; display: flex; border-radius: 16px; border: .5px solid rgba(0, 0, 0, .15); background: rgba(255, 255, 255, .6); color: #000; }
.capsule.white { border-color: rgba(255, 255, 255, .3); background: rgba(0, 0, 0, .2); color: #fff; }
.capsule button { flex: 1; display: grid; place-items: center; }
.capsule button + button { border-left: .5px solid currentColor; border-left-color: rgba(128, 128, 128, .4); }
.capsule .dots { display: flex; gap: 3px; align-items: center; } .capsule .dots i { width: 4px; height: 4px; border-radius: 50%; background: currentColor; } .capsule .dots i:nth-child(2) { width: 6px; height: 6px; }
.capsule .ring { width: 17px; height: 17px; border: 2.4px solid currentColor; border-radius: 50%; display: grid; place-items: center; } .capsule .ring::after { content: ""; width: 6px; height: 6px; border-radius: 50%; background: currentColor; }
.pages { position: absolute; inset: 0; z-index: 0; }
.page { position: absolute; inset: 0; display: flex; flex-direction: column; background: var(--body); box-shadow: -8px 0 24px rgba(0, 0, 0, .08); }
.page.hidden { visibility: hidden; pointer-events: none; }
.page.tab { bottom: var(--tab-bar); } .screen:has(.tab-bar[hidden]) .page.tab { bottom: 0; }
.page-frame { flex: 1; width: 100%; min-height: 0; border: 0; display: block; color-scheme: normal; }
.bar { flex: none; position: relative; height: calc(var(--status) + 44px); padding-top: var(--status); display: flex; align-items: center; justify-content: center; }
.bar.custom { position: absolute; z-index: 1; left: 0; right: 0; top: 0; background: transparent !important; pointer-events: none; } .bar.custom > * { display: none; }
.bar-title { margin: 0; max-width: calc(100% - 210px); font-size: 17px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar-button { position: absolute; left: 6px; bottom: 4px; width: 36px; height: 36px; display: grid; place-items: center; }
.bar .spinner { margin-right: 6px; }
.drawing { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
.drawing.large { width: 48px; height: 48px; stroke-width: 1.6; }
.tab-bar { position: absolute; z-index: 2; left: 0; right: 0; bottom: 0; height: calc(50px + var(--inset)); padding-bottom: var(--inset); display: flex; background: var(--body); border-top: .5px solid rgba(0, 0, 0, .15); }
.tab-bar.white-border { border-top-color: rgba(255, 255, 255, .3); }
.tab-item { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; font-size: 11px; }
.tab-item.without-icon { font-size: 15px; }
.tab-icon { position: relative; } .tab-icon img { width: 27px; height: 27px; display: block; }
.badge { position: absolute; left: 60%; top: -4px; min-width: 16px; padding: 0 4px; border-radius: 8px; background: #fa5151; color: #fff; font: 600 10px/16px system-ui; text-align: center; } .badge.dot { min-width: 8px; width: 8px; height: 8px; padding: 0; top: 0; left: 85%; }
.home-line { position: absolute; z-index: 63; left: 50%; bottom: 8px; width: 134px; height: 5px; margin-left: -67px; border-radius: 3px; background: rgba(128, 128, 128, .7); pointer-events: none; }
.overlays { position: absolute; inset: 0; z-index: 70; pointer-events: none; } .overlays > * { pointer-events: auto; }
.layer { position: absolute; inset: 0; display: grid; } .layer > .mask { position: absolute; inset: 0; background: rgba(0, 0, 0, .55); animation: appear .2s; }
.toast-layer { position: absolute; inset: 0; display: grid; place-items: center; pointer-events: none; } .toast-layer.mask { pointer-events: auto; }
.toast { min-width: 120px; min-height: 120px; max-width: 70%; padding: 18px 14px; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 12px; border-radius: 12px; background: rgba(50, 50, 50, .92); color: #fff; text-align: center; animation: appear .15s; }
.toast.plain { min-height: 0; padding: 12px 16px; border-radius: 8px; } .toast img { width: 48px; height: 48px; object-fit: contain; }
.spinner { display: inline-block; width: 18px; height: 18px; border: 2px solid currentColor; border-right-color: transparent; border-radius: 50%; animation: turn 1s linear infinite; } .spinner.large { width: 38px; height: 38px; border-width: 3px; }
.modal { position: relative; place-self: center; width: 82%; max-width: 320px; border-radius: 14px; background: var(--card); overflow: hidden; animation: rise .2s; text-align: center; }
.modal h2 { margin: 0; padding: 28px 24px 0; font-size: 17px; font-weight: 600; } .modal-content { margin: 0; padding: 14px 24px 28px; font-size: 16px; color: var(--faint); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 50vh; overflow: auto; }
.modal h2:only-of-type + .modal-content:empty { padding: 14px; } .modal-content:first-child { padding-top: 32px; color: inherit; }
.modal-input { width: calc(100% - 48px); margin: 16px 24px 24px; padding: 8px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--body); color: inherit; font: inherit; resize: none; }
.modal footer { display: flex; border-top: 1px solid var(--line); } .modal footer button { flex: 1; height: 52px; font-size: 17px; font-weight: 600; } .modal footer button + button { border-left: 1px solid var(--line); }
.modal-confirm { color: #576b95; } :root.dark .modal-confirm { color: #7d90a9; }
.sheet { position: absolute; left: 0; right: 0; bottom: 0; border-radius: 14px 14px 0 0; background: var(--sheet); overflow: hidden; padding-bottom: var(--inset); animation: slide-up .25s; }
.sheet > button { display: block; width: 100%; min-height: 54px; background: var(--card); font-size: 17px; border-bottom: .5px solid var(--line); } .sheet-title { margin: 0; padding: 16px; text-align: center; color: var(--faint); background: var(--card); border-bottom: .5px solid var(--line); font-size: 13px; }
.sheet > .sheet-cancel { margin-top: 8px; border: 0; }
.permission { padding: 24px 24px calc(24px + var(--inset)); background: var(--card); } .permission h2 { margin: 6px 0; font-size: 18px; } .permission p { margin: 0; color: var(--faint); min-height: 1.4em; } .permission footer { display: flex; gap: 14px; justify-content: center; margin-top: 26px; } .permission footer button { width: 130px; height: 44px; border-radius: 8px; font-weight: 600; font-size: 16px; background: rgba(128, 128, 128, .15); color: var(--accent); } .permission footer .allow { background: var(--accent); color: #fff; }
.preview { position: absolute; inset: 0; background: #000; display: grid; place-items: center; animation: appear .2s; } .preview img { max-width: 100%; max-height: 100%; } .preview-count { position: absolute; top: calc(var(--status) + 12px); color: #fff; } .preview-arrow { position: absolute; top: 45%; width: 44px; height: 60px; color: #fff; font-size: 34px; } .preview-arrow.left { left: 4px; } .preview-arrow.right { right: 4px; }
.desktop { position: absolute; inset: 0; z-index: 80; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 18px; padding: 30px; text-align: center; color: #fff; background: linear-gradient(160deg, #2b5876, #4e4376); animation: appear .2s; }
.desktop button { padding: 12px 26px; border-radius: 24px; background: #fff; color: #222; font-weight: 600; } .desktop p { margin: 0; opacity: .85; }
.errors { position: absolute; inset: 0; z-index: 75; overflow: auto; padding: calc(var(--status) + 50px) 20px 40px; background: #1f1416; color: #ffd9d9; } .errors h2 { margin: 0 0 4px; font-size: 18px; color: #ff8585; } .errors p { margin: 0 0 18px; opacity: .8; } .errors pre { margin: 0 0 12px; padding: 12px; border-radius: 8px; background: rgba(255, 255, 255, .07); font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.notice { position: absolute; inset: 0; display: grid; place-items: center; color: var(--faint); }
.logic-frame, .file-field { position: absolute; width: 1px; height: 1px; border: 0; opacity: 0; pointer-events: none; }
.panel { display: flex; flex-direction: column; min-width: 0; border-left: 1px solid var(--line); background: var(--panel); }
.panel-tabs { display: flex; gap: 2px; padding: 6px 10px 0; border-bottom: 1px solid var(--line); overflow-x: auto; } .panel-tabs button { padding: 8px 12px; color: var(--faint); border-bottom: 2px solid transparent; white-space: nowrap; } .panel-tabs button[aria-selected="true"] { color: var(--ink); border-bottom-color: var(--accent); } .panel-tabs button[data-count]::after { content: attr(data-count); margin-left: 6px; padding: 0 6px; border-radius: 8px; background: #e5484d; color: #fff; font-size: 11px; } .panel-tabs .panel-clear { margin-left: auto; }
.panel-body { flex: 1; min-height: 0; overflow: auto; font: 12px/1.5 ui-monospace, "SFMono-Regular", Menlo, monospace; } .panel-body:empty::before { content: attr(data-empty); display: block; padding: 40px; text-align: center; color: var(--faint); font-family: system-ui; }
.line { margin: 0; padding: 5px 14px; border-bottom: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; } .line.error { color: #d9363e; background: rgba(229, 72, 77, .08); } .line.warn { color: #a66a00; background: rgba(240, 160, 32, .1); } :root.dark .line.error { color: #ff8589; } :root.dark .line.warn { color: #f2c14e; } .line.debug, .faint { color: var(--faint); }
.line.row { display: grid; grid-template-columns: 80px 56px minmax(0, 1fr) 120px 64px; gap: 10px; } .storage .line.row { grid-template-columns: minmax(80px, 30%) minmax(0, 1fr); } .line pre { margin: 6px 0; white-space: pre-wrap; color: var(--faint); } summary { cursor: pointer; }
.data-area { display: block; width: 100%; margin-top: 6px; padding: 8px; border: 1px solid var(--line); border-radius: 6px; background: transparent; color: inherit; font: inherit; resize: vertical; } .data-area.broken { border-color: #e5484d; }
@keyframes turn { to { transform: rotate(360deg); } } @keyframes appear { from { opacity: 0; } } @keyframes rise { from { opacity: 0; transform: scale(1.08); } } @keyframes slide-up { from { transform: translateY(100%); } }
@media (prefers-reduced-motion: reduce) { * { animation-duration: .01ms !important; } .spinner { animation-duration: 2s !important; } }
@media (max-width: 820px) { .workbench { grid-template-columns: 1fr; grid-template-rows: auto auto minmax(240px, 1fr); height: auto; min-height: 100%; } .panel { border-left: 0; border-top: 1px solid var(--line); min-height: 260px; } .stage { padding: 16px; } }
`;
