/** Colours, the bar above the phone, and the places of the parts. */
export const WORKBENCH_STYLE = `
:root {
  --ground: #eceef1; --panel: #fff; --ink: #1d2129; --faint: #6b7280; --line: #dfe2e7; --accent: #07c160;
  --body: #fff; --sheet: #f7f7f7; --card: #fff; --rim: rgba(0, 0, 0, .25); --alarm: #d9363e; color-scheme: light;
}
:root.dark {
  --ground: #15171b; --panel: #1e2127; --ink: #e6e8eb; --faint: #969ca6; --line: #30343c; --body: #111;
  --sheet: #1c1c1e; --card: #2c2c2e; --rim: rgba(255, 255, 255, .16); --alarm: #ff8589; color-scheme: dark;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body {
  height: 100%; margin: 0; background: var(--ground); color: var(--ink);
  font: 14px/1.45 -apple-system, "Helvetica Neue", "PingFang SC", "Noto Sans CJK SC", "Segoe UI", system-ui, sans-serif;
}
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
button:focus-visible, select:focus-visible, textarea:focus-visible, input:focus-visible, summary:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px;
}
.workbench {
  display: grid; grid-template-columns: auto minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); height: 100%;
}
.toolbar {
  grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: center; padding: 10px 18px;
  background: var(--panel); border-bottom: 1px solid var(--line);
}
.toolbar label { display: inline-flex; align-items: center; gap: 6px; color: var(--faint); font-size: 13px; }
.toolbar select, .toolbar button {
  height: 30px; padding: 0 10px; border: 1px solid var(--line); border-radius: 7px; background: var(--panel);
  color: var(--ink); font-size: 13px;
}
.toolbar button:hover { border-color: var(--accent); color: var(--accent); }
.toolbar button.primary { background: var(--accent); border-color: var(--accent); color: #fff; }
.toolbar .state {
  margin-left: auto; display: inline-flex; align-items: center; gap: 8px; color: var(--faint); font-size: 13px;
}
.toolbar .state::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--accent); }
.toolbar .state.background::before { background: #f0a020; }
.toolbar .state.suspended::before, .toolbar .state.destroyed::before { background: #e5484d; }
.stage { padding: 22px 26px; overflow: auto; display: grid; place-items: start center; }
@keyframes turn { to { transform: rotate(360deg); } }
@keyframes appear { from { opacity: 0; } }
@media (prefers-reduced-motion: reduce) {
  * { animation-duration: .01ms !important; }
  .spinner { animation-duration: 2s !important; }
}
@media (max-width: 820px) {
  .workbench {
    grid-template-columns: minmax(0, 1fr); grid-template-rows: auto auto minmax(280px, 1fr); height: auto;
    min-height: 100%;
  }
  .toolbar { gap: 8px; padding: 10px 12px; }
  .toolbar label { flex: 1 1 28%; min-width: 0; }
  .toolbar label > span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .toolbar select { width: 100%; }
  .toolbar button { flex: 1 1 auto; }
  .toolbar .state { flex: 1 0 100%; margin: 0; }
  .panel { border-left: 0; border-top: 1px solid var(--line); }
  .stage { padding: 16px; }
  .line.row { grid-template-columns: auto auto minmax(0, 1fr) auto; }
  .line.row > :nth-child(3) { grid-area: 2 / 1 / auto / -1; }
  .storage .line.row { grid-template-columns: minmax(80px, 30%) minmax(0, 1fr); }
}
`;
