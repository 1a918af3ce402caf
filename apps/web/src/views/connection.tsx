import type { JSX } from "preact";

import type { RoomState } from "../clients/room-client.ts";
import type { Words } from "../i18n.ts";
import type { PageProps } from "./page-props.ts";
import { HeldToken } from "./held-token.tsx";

/** The state of the link in one word. Without seconds: a screen reader would read each of them. */
export function ConnectionStatus({ page }: PageProps): JSX.Element {
  const { kind } = page.state.value;
  return (
    <p class="status" role="status" data-state={kind}>
      <span class="status-dot" aria-hidden="true" />
      {page.words.value[kind]}
    </p>
  );
}

/** Says what a broken link means and offers to try at once. Absent while all is well. */
export function ConnectionBanner({ page }: PageProps): JSX.Element | null {
  const state = page.state.value;
  if (state.kind === "live" || state.kind === "connecting" || state.kind === "refused") return null;
  return (
    <div class="banner" data-state={state.kind}>
      <p class="banner-text">{toBannerText(state, page.room.secondsToRetry.value, page.words.value)}</p>
      {state.kind === "closed" && page.hasToken.value && <HeldToken page={page} />}
      <button type="button" class="button small" onClick={() => page.room.retryNow()}>
        {page.words.value.retryNow}
      </button>
    </div>
  );
}

function toBannerText(state: RoomState, seconds: number | undefined, words: Words): string {
  if (state.kind === "offline") return words.offlineText;
  if (state.kind === "closed") return words.closedText(state.reason);
  return seconds === undefined || seconds === 0 ? words.reconnecting : words.reconnectingIn(seconds);
}
