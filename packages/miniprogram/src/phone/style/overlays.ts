/** What lies above the pages: toasts, questions, sheets and pictures. */
export const OVERLAYS_STYLE = `
.overlays { position: absolute; inset: 0; z-index: 70; pointer-events: none; }
.overlays > * { pointer-events: auto; }
.layer { position: absolute; inset: 0; display: grid; }
.layer > [role="dialog"] { outline: 0; }
.layer > .mask { position: absolute; inset: 0; background: rgba(0, 0, 0, .6); animation: appear .2s; }
.toast-layer { position: absolute; inset: 0; display: grid; place-items: center; pointer-events: none; }
.toast-layer.mask { pointer-events: auto; }
.toast {
  min-width: 120px; min-height: 120px; max-width: 70%; padding: 18px 14px; display: flex; flex-direction: column;
  align-items: center; justify-content: center; gap: 12px; border-radius: 12px; background: rgba(50, 50, 50, .92);
  color: #fff; text-align: center; animation: appear .15s;
}
.toast.plain { min-height: 0; padding: 12px 16px; border-radius: 8px; }
.toast img { width: 48px; height: 48px; object-fit: contain; }
.spinner {
  display: inline-block; width: 18px; height: 18px; border: 2px solid currentColor; border-right-color: transparent;
  border-radius: 50%; animation: turn 1s linear infinite;
}
.spinner.large { width: 38px; height: 38px; border-width: 3px; }
.modal {
  position: relative; place-self: center; width: 82%; max-width: 320px; border-radius: 14px; background: var(--card);
  overflow: hidden; animation: rise .2s; text-align: center;
}
.modal h2 { margin: 0; padding: 28px 24px 0; font-size: 17px; font-weight: 600; }
.modal-content {
  margin: 0; padding: 14px 24px 28px; font-size: 16px; color: var(--faint); white-space: pre-wrap;
  overflow-wrap: anywhere; max-height: 50vh; overflow: auto;
}
.modal h2:only-of-type + .modal-content:empty { padding: 14px; }
.modal-content:first-child { padding-top: 32px; color: inherit; }
.modal-input {
  width: calc(100% - 48px); margin: 16px 24px 24px; text-align: left; padding: 8px 10px;
  border: 1px solid var(--line); border-radius: 8px; background: var(--body); color: inherit; font: inherit;
  resize: none;
}
.modal footer { display: flex; border-top: 1px solid var(--line); }
.modal footer button { flex: 1; height: 52px; font-size: 17px; font-weight: 600; }
.modal footer button + button { border-left: 1px solid var(--line); }
.modal-confirm { color: #576b95; }
:root.dark .modal-confirm { color: #7d90a9; }
.sheet {
  position: absolute; left: 0; right: 0; bottom: 0; border-radius: 14px 14px 0 0; background: var(--sheet);
  overflow: hidden auto; max-height: calc(100% - var(--status) - 44px); padding-bottom: var(--inset);
  animation: slide-up .25s;
}
.sheet > button {
  display: block; width: 100%; min-height: 54px; background: var(--card); font-size: 17px;
  border-bottom: .5px solid var(--line);
}
.sheet-title {
  margin: 0; padding: 16px; text-align: center; color: var(--faint); background: var(--card);
  border-bottom: .5px solid var(--line); font-size: 13px;
}
.sheet > .sheet-cancel { margin-top: 8px; border: 0; }
.permission { padding: 24px 24px calc(24px + var(--inset)); background: var(--card); }
.permission h2 { margin: 6px 0; font-size: 18px; }
.permission p { margin: 0; color: var(--faint); white-space: pre-wrap; overflow-wrap: anywhere; }
.permission footer { display: flex; gap: 14px; justify-content: center; margin-top: 26px; }
.permission footer button {
  width: 130px; height: 44px; border-radius: 8px; font-weight: 600; font-size: 16px;
  background: rgba(128, 128, 128, .15); color: var(--accent);
}
.permission footer .allow { background: var(--accent); color: #fff; }
.preview {
  position: absolute; inset: 0; background: #000; display: grid; place-items: center; animation: appear .2s;
}
.preview img { max-width: 100%; max-height: 100%; }
.preview-count { position: absolute; top: calc(var(--status) + 12px); color: #fff; }
.preview-arrow { position: absolute; top: 45%; width: 44px; height: 60px; color: #fff; font-size: 34px; }
.preview-arrow.left { left: 4px; }
.preview-arrow.right { right: 4px; }
@keyframes rise { from { opacity: 0; transform: scale(1.08); } }
@keyframes slide-up { from { transform: translateY(100%); } }
`;
