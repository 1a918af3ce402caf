import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { createDayOf } from "../state/formatters.ts";
import { toLogParts } from "../state/message-groups.ts";
import type { PageProps } from "./page-props.ts";
import { Icon } from "./icons.tsx";
import { Group } from "./message-group.tsx";

/** How near to the end, in pixels, still counts as reading the end. */
const END_DISTANCE = 48;

const dayOf = createDayOf();

/** The messages of the room. Follows the end unless the person has scrolled up, and then says what is new. */
export function MessageLog({ page }: PageProps): JSX.Element {
  const entries = page.room.entries.value;
  const { element, isAtEnd, unseenCount, goToEnd, onScroll } = useEnd(page);
  const parts = useMemo(() => toLogParts(entries, dayOf), [entries]);
  const words = page.words.value;
  const formatters = page.formatters.value;
  return (
    <div class="log-area">
      <div
        ref={element}
        class="log"
        role="log"
        aria-live="polite"
        aria-label={words.log}
        tabIndex={0}
        onScroll={onScroll}
      >
        {parts.length === 0 && <EmptyLog page={page} />}
        {parts.map((part) =>
          part.kind === "day" ? (
            <p key={part.key} class="day">
              <span>{formatters.day(part.atMs, page.clock.now())}</span>
            </p>
          ) : (
            <Group key={part.key} page={page} group={part} />
          ),
        )}
      </div>
      {!isAtEnd && (
        <button type="button" class="pill" data-new={unseenCount > 0} onClick={goToEnd}>
          <Icon name="down" />
          {unseenCount > 0 ? words.newMessages(unseenCount) : words.latest}
        </button>
      )}
    </div>
  );
}

function EmptyLog({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  return (
    <div class="empty">
      <span class="empty-lantern" aria-hidden="true" />
      <h2>{words.emptyTitle}</h2>
      <p>{words.emptyText}</p>
    </div>
  );
}

/** Keeps the log at its end while the person reads there, and counts what arrives while not. */
function useEnd(page: PageProps["page"]) {
  const element = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const receivedCount = page.room.receivedCount.value;
  const entries = page.room.entries.value;
  const [isAtEnd, setAtEnd] = useState(true);
  const [seenCount, setSeenCount] = useState(receivedCount);
  const goToEnd = (): void => {
    const log = element.current;
    if (log !== null) log.scrollTop = log.scrollHeight;
  };
  const onScroll = (): void => {
    const log = element.current;
    if (log === null) return;
    isFollowing.current = log.scrollHeight - log.scrollTop - log.clientHeight <= END_DISTANCE;
    setAtEnd(isFollowing.current);
  };
  useLayoutEffect(() => {
    if (!isFollowing.current) return;
    goToEnd();
    setSeenCount(receivedCount);
  }, [entries, isAtEnd, receivedCount]);
  const last = entries.at(-1);
  useLayoutEffect(() => {
    // Whoever sends wants to see it stand there.
    if (last?.delivery === "sending") goToEnd();
  }, [last?.key]);
  useResize(element, () => {
    // A growing composer or an on-screen keyboard takes height away from below.
    if (isFollowing.current) goToEnd();
  });
  return { element, isAtEnd, unseenCount: Math.max(0, receivedCount - seenCount), goToEnd, onScroll };
}

function useResize(element: { readonly current: HTMLElement | null }, onResize: () => void): void {
  useLayoutEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(onResize);
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
}
