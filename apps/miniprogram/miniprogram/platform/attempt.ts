import { codeOf } from "@hutong/chat-client";
import { application } from "./application";

/** Does something and says what went wrong; resolves with whether it worked. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    wx.showToast({ title: application.words.errorText(codeOf(error)), icon: "none", duration: 2_500 });
    return false;
  }
}

/** Asks the user a question; resolves with whether the answer is yes. */
export function confirmed(title: string, content: string): Promise<boolean> {
  const { labels } = application.words;
  return new Promise((resolve) => {
    wx.showModal({
      title,
      content,
      confirmText: labels.confirm,
      cancelText: labels.cancel,
      success: ({ confirm }) => resolve(confirm),
      fail: () => resolve(false),
    });
  });
}

/** Asks the user for a line of text; `undefined` when there is none. */
export function askedText(title: string, current: string): Promise<string | undefined> {
  const { labels } = application.words;
  return new Promise((resolve) => {
    wx.showModal({
      title,
      content: current,
      editable: true,
      confirmText: labels.save,
      cancelText: labels.cancel,
      success: ({ confirm, content = "" }) => resolve(confirm && content.trim() !== "" ? content.trim() : undefined),
      fail: () => resolve(undefined),
    });
  });
}

/** Lets the user choose what to do, and does it. */
export function chooseAction(actions: readonly { readonly label: string; run(): void }[]): void {
  if (actions.length === 0) return;
  wx.showActionSheet({
    itemList: actions.map(({ label }) => label),
    success: ({ tapIndex }) => actions[tapIndex]?.run(),
    // Closing it chooses nothing.
    fail: () => undefined,
  });
}
