import { effect, signal } from "@hutong/chat-client";
import { diffData, type ViewData } from "../view/diff-data";
import { application } from "./application";
import { phoneClock } from "./clock";
import type { PhoneChat } from "./pending-files";

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

/**
 * Makes a follower. Of each view that `view` makes, only what differs from the last one is set, once for everything that
 * changes in one turn: all data travels to the view as text.
 */
export function followChat(shown: Shown, view: (chat: PhoneChat) => ViewData): ChatFollower {
  const own = signal(0);
  let last: ViewData = {};
  let isWanted = false;
  let stopEffect = (): void => undefined;
  const show = (): void => {
    void own.value;
    const { chat } = application;
    if (chat === undefined) return;
    const next = view(chat);
    const patch = diffData(last, next);
    last = next;
    if (Object.keys(patch).length > 0) shown.setData(patch);
  };
  const follow = (): void => {
    stopEffect();
    if (!isWanted) return;
    let isShown = false;
    // The first run shows and learns what the view is made from. The second says that some of it has changed; it reads
    // nothing, so that no other comes before the next turn.
    stopEffect = effect(() => {
      if (isShown) return phoneClock.soon(follow);
      isShown = true;
      show();
    });
  };
  return {
    start() {
      if (isWanted) return;
      isWanted = true;
      void application.begin().then(follow);
    },
    stop() {
      isWanted = false;
      stopEffect();
    },
    refresh() {
      own.value += 1;
    },
  };
}
