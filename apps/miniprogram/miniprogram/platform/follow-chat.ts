import type { Chat } from "../model/chat";
import { diffData, type ViewData } from "../view/diff-data";
import { application } from "./application";

/** What shows a view: a page or a component. */
interface Shown {
  setData(patch: ViewData): void;
}

/** Keeps what is shown in step with the chat. */
export interface ChatFollower {
  /** Shows the present state and follows it: on show. */
  start(): void;
  /** Follows no longer: on hide and on unload. */
  stop(): void;
  /** Shows the present state: after something of the page's own has changed. */
  refresh(): void;
}

/** Makes a follower. Of each view that `view` makes, only what differs from the last one is set. */
export function followChat(shown: Shown, view: (chat: Chat) => ViewData): ChatFollower {
  let last: ViewData = {};
  let stopListening: (() => void) | undefined;
  let isWanted = false;
  const refresh = (): void => {
    const { chat } = application;
    if (chat === undefined) return;
    const next = view(chat);
    const patch = diffData(last, next);
    last = next;
    if (Object.keys(patch).length > 0) shown.setData(patch);
  };
  return {
    start() {
      isWanted = true;
      void application.begin().then((chat) => {
        if (!isWanted || stopListening !== undefined) return;
        stopListening = chat?.changes.listen(refresh);
        refresh();
      });
    },
    stop() {
      isWanted = false;
      stopListening?.();
      stopListening = undefined;
    },
    refresh,
  };
}
