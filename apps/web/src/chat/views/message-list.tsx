import { toMessageRows } from "@hutong/chat-client";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";

import { Icon } from "../../views/icons.tsx";
import { farStretches } from "../page/far-stretches.ts";
import type { DeskProps, PageRow } from "./props.ts";
import { MessageRowView } from "./message-row.tsx";
import { useUntilDone } from "./use-until-done.ts";
import { type ListWindow, useListWindow } from "./use-list-window.ts";

/** Heights of rows that were never measured, in pixels. */
const ESTIMATES: Readonly<Record<PageRow["kind"], number>> = {
  start: 24,
  hole: 72,
  day: 52,
  unread: 40,
  message: 44,
  pending: 44,
};

/** What was said. Only the rows near the view are in the document, however long the conversation is. */
export function MessageList({ page, chat, entry, desk }: DeskProps): JSX.Element {
  const words = page.words.value;
  const rows = useRows({ page, chat, entry, desk });
  const list = useListWindow(rows, (row) => estimateOf(row));
  const shown = rows.slice(list.first, list.last + 1);
  useFilling({ page, chat, entry, desk }, shown);
  useReading({ page, chat, entry, desk }, rows, list);
  const highlighted = useJump({ page, chat, entry, desk }, rows, list);
  useStart({ page, chat, entry, desk }, rows, list);
  useForgetting({ page, chat, entry, desk }, rows, list);
  const unseen = entry.view.value.unread;
  return (
    <div class="log-area">
      <div
        ref={list.scroller}
        class="talk-log"
        role="log"
        aria-live="off"
        aria-label={words.messages}
        tabIndex={0}
        onScroll={list.onScroll}
      >
        <div class="talk-sizer" style={{ blockSize: `${list.total}px` }}>
          <div ref={list.window} class="talk-window" style={{ transform: `translateY(${list.offset}px)` }}>
            {shown.map((row) => (
              <MessageRowView
                key={row.key}
                page={page}
                chat={chat}
                entry={entry}
                desk={desk}
                row={row}
                isHighlighted={row.kind === "message" && row.message.seq === highlighted}
              />
            ))}
          </div>
        </div>
      </div>
      {!list.isAtEnd && (
        <button type="button" class="pill" data-new={unseen > 0} onClick={list.goToEnd}>
          <Icon name="down" />
          {unseen > 0 ? words.newMessages(unseen) : words.latest}
        </button>
      )}
      <LatestAnnouncer page={page} chat={chat} entry={entry} desk={desk} />
    </div>
  );
}

/** The list itself is too long to be live; this says the newest message of somebody else. */
function LatestAnnouncer({ page, entry }: DeskProps): JSX.Element {
  const arrival = page.arrival.value;
  const message = arrival?.entry === entry ? arrival.message : undefined;
  return (
    <p class="visually-hidden" aria-live="polite">
      {message?.type === "text" ? message.body.text : message === undefined ? "" : page.words.value.newMessages(1)}
    </p>
  );
}

function estimateOf(row: PageRow): number {
  const base = ESTIMATES[row.kind];
  if (row.kind !== "message") return base;
  const head = row.isHead ? 26 : 0;
  if (row.message.type === "text") return base + head + 22 * Math.floor(row.message.body.text.length / 60);
  return row.message.type === "image" || row.message.type === "video" ? 240 + head : base + head;
}

function useRows({ chat, entry, desk }: DeskProps): readonly PageRow[] {
  const version = entry.logVersion.value;
  const { minSeq, maxSeq, lastSeq } = entry.view.value;
  const outbox = chat.outbox.entries.value;
  const hidden = desk.hidden.value;
  return useMemo(() => {
    const pending = outbox.filter(({ conversationId }) => conversationId === entry.id);
    const messages = hidden.size === 0 ? entry.log.messages : entry.log.messages.filter(({ seq }) => !hidden.has(seq));
    const isEmpty = entry.log.ranges.length === 0;
    return toMessageRows({
      messages,
      holes: isEmpty ? [] : entry.log.holes(minSeq + 1, Math.min(lastSeq, maxSeq ?? lastSeq)),
      pending,
      unreadAfter: desk.unreadAfter,
      userId: chat.userId,
    });
  }, [entry, version, minSeq, maxSeq, lastSeq, outbox, hidden]);
}

/** A hole that comes into view is filled from the side that is nearer to what is there. */
function useFilling({ page, chat, entry }: DeskProps, shown: readonly PageRow[]): void {
  const hole = shown.find((row) => row.kind === "hole");
  const fill = async (): Promise<boolean> => {
    if (hole?.kind !== "hole") return false;
    const from = hole.isFirst || shown.indexOf(hole) === 0 ? "end" : "start";
    await chat.catchUp.fill(entry, hole.hole, from);
    // What is left of it may still be in view.
    return true;
  };
  useUntilDone({ page, chat }, fill, [hole?.key]);
}

/** Whoever sees the last message in an active page has read it. */
function useReading({ chat, entry }: DeskProps, rows: readonly PageRow[], list: ListWindow): void {
  const seq = seqBefore(rows, list.lastVisible);
  useEffect(() => {
    const read = (): void => {
      if (seq > 0 && document.visibilityState === "visible" && document.hasFocus()) chat.reading.read(entry, seq);
    };
    read();
    document.addEventListener("visibilitychange", read);
    addEventListener("focus", read);
    return () => {
      document.removeEventListener("visibilitychange", read);
      removeEventListener("focus", read);
    };
  }, [seq, entry]);
}

/** The seq of the last message at or above a row; 0 when there is none. */
function seqBefore(rows: readonly PageRow[], index: number): number {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.kind === "message") return row.message.seq;
  }
  return 0;
}

/** Begins at the line of the unread; whoever sends wants to see it stand at the end. */
function useStart({ chat, entry, desk }: DeskProps, rows: readonly PageRow[], list: ListWindow): void {
  const unreadIndex = useMemo(() => rows.findIndex(({ kind }) => kind === "unread"), [rows]);
  const last = rows.at(-1);
  const lastPending = last?.kind === "pending" ? last.key : undefined;
  useEffect(() => {
    // It may be far from the newest messages, which are what a conversation opens with. Offline there is no line.
    if (desk.unreadAfter !== undefined) chat.catchUp.around(entry, desk.unreadAfter + 1).catch(() => undefined);
  }, []);
  useLayoutEffect(() => {
    // Whoever scrolled before it was loaded is somewhere already.
    if (unreadIndex >= 0 && list.isAtEnd) list.goTo(unreadIndex);
  }, [unreadIndex >= 0]);
  useLayoutEffect(() => {
    if (lastPending !== undefined) list.goToEnd();
  }, [lastPending]);
}

/** Forgets what is far from the reader, however long the way was. */
function useForgetting({ chat, entry }: DeskProps, rows: readonly PageRow[], { first }: ListWindow): void {
  useEffect(() => {
    for (const stretch of farStretches(entry.log.messages, seqBefore(rows, first)))
      chat.book.forgetMessages(entry, stretch);
  }, [rows]);
}

/** Goes to the message that the address names, loads what surrounds it, and marks it for a moment. */
function useJump({ page, chat, entry }: DeskProps, rows: readonly PageRow[], list: ListWindow): number | undefined {
  const { at } = page.place.address.value;
  const [loaded, setLoaded] = useState<number | undefined>(undefined);
  const isReady = chat.engine.isReady.value;
  useEffect(() => {
    setLoaded(undefined);
    if (at === undefined || !isReady) return undefined;
    let isOver = false;
    void page.attempt(() => chat.catchUp.around(entry, at)).then(() => !isOver && setLoaded(at));
    return () => {
      isOver = true;
    };
  }, [at, isReady]);
  useEffect(() => {
    if (loaded === undefined) return undefined;
    const index = rows.findIndex((row) => row.kind === "message" && row.message.seq >= loaded);
    if (index >= 0) list.goTo(index);
    return page.clock.after(2_500, () => page.place.goTo({ at: undefined }, "replace"));
  }, [loaded]);
  return loaded;
}
