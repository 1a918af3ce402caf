/** The panel beside the phone. */
export const PANEL_STYLE = `
.panel {
  display: flex; flex-direction: column; min-width: 0; border-left: 1px solid var(--line); background: var(--panel);
}
.panel-head { display: flex; align-items: stretch; border-bottom: 1px solid var(--line); }
.panel-tabs {
  flex: 1; min-width: 0; display: flex; gap: 2px; padding: 6px 10px 0; overflow-x: auto; scrollbar-width: none;
}
.panel-tabs button {
  padding: 8px 12px; color: var(--faint); border-bottom: 2px solid transparent; white-space: nowrap;
}
.panel-tabs button[aria-selected="true"] { color: var(--ink); border-bottom-color: var(--accent); }
.panel-tabs button[data-count]::after {
  content: attr(data-count); margin-left: 6px; padding: 0 6px; border-radius: 8px; background: #e5484d; color: #fff;
  font-size: 11px;
}
.panel-clear { flex: none; padding: 6px 18px 0; color: var(--faint); }
.panel-clear:hover { color: var(--ink); }
.panel-body {
  flex: 1; min-height: 0; overflow: auto; font: 12px/1.5 ui-monospace, "SFMono-Regular", Menlo, monospace;
}
.panel-body:empty::before {
  content: attr(data-empty); display: block; padding: 40px; text-align: center; color: var(--faint);
  font-family: system-ui;
}
.line {
  margin: 0; padding: 5px 14px; border-bottom: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere;
}
.line.error { color: var(--alarm); background: rgba(229, 72, 77, .08); }
.line.warn { color: #a66a00; background: rgba(240, 160, 32, .1); }
:root.dark .line.warn { color: #f2c14e; }
.line.debug, .faint { color: var(--faint); }
.line.row {
  display: grid; grid-template-columns: 84px 48px minmax(0, 1fr) minmax(40px, max-content) 60px; gap: 2px 12px;
}
.line.row > :nth-child(4) { max-width: 26ch; }
.line.row > :last-child { text-align: right; color: var(--faint); }
.line.row.failed > :nth-child(4) { color: var(--alarm); }
.storage .line.row { grid-template-columns: minmax(80px, 30%) minmax(0, 1fr); }
.storage .line.row > :last-child { text-align: left; color: inherit; }
.line pre { margin: 6px 0; white-space: pre-wrap; color: var(--faint); }
summary { cursor: pointer; }
.data-area {
  display: block; width: 100%; margin-top: 6px; padding: 8px; border: 1px solid var(--line); border-radius: 6px;
  background: transparent; color: inherit; font: inherit; resize: vertical;
}
.data-area.broken { border-color: #e5484d; }
`;
