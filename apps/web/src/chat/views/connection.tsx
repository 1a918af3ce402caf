import type { JSX } from "preact";

import type { ChatProps } from "./props.ts";

/** Says that the link is down, and offers to try at once. Absent while all is well, and during the first moments. */
export function ConnectionBanner({ page, chat }: ChatProps): JSX.Element | null {
  const { kind } = chat.link.state.value;
  const words = page.words.value;
  const isOffline = !page.isOnline.value || kind === "offline";
  if (kind === "live" || (kind === "connecting" && !isOffline)) return null;
  return (
    <div class="link-banner" role="status" data-state={kind}>
      <span class="status-dot" aria-hidden="true" />
      <p>{isOffline ? words.offline : kind === "closed" ? words.linkClosed : words.reconnecting}</p>
      {!isOffline && (
        <button type="button" class="text-button" onClick={() => chat.link.retryNow()}>
          {words.retryNow}
        </button>
      )}
    </div>
  );
}
