import { CallError } from "@hutong/chat-client";
import { useEffect, useState } from "preact/hooks";

import type { ChatProps } from "./props.ts";

/** How long after a failure it is tried again, in milliseconds. */
const RETRY_MS = 3_000;

/**
 * Does something when `inputs` change or the link comes back, and again a while after a failure that may pass. Without a link it
 * waits for the next join. What resolves with `true` is done once more.
 */
export function useUntilDone({ page, chat }: ChatProps, act: () => Promise<unknown>, inputs: readonly unknown[]): void {
  const isLive = chat.link.state.value.kind === "live";
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isOver = false;
    let stop = (): void => undefined;
    const again = (): void => setAttempt(attempt + 1);
    act().then(
      (isAgain) => isAgain === true && !isOver && again(),
      (error: unknown) => {
        if (isOver || !isLive || !(error instanceof CallError) || !error.mayPass) return;
        stop = page.clock.after(error.retryAfterMs ?? RETRY_MS, again);
      },
    );
    return () => {
      isOver = true;
      stop();
    };
  }, [...inputs, isLive, attempt]);
}
