// The messages of the room as the page shows them. Two ways lead to "sent": the
// broadcast of one's own message and the reply to it, in either order. Settled
// messages stand in the order of the server, the ones under way stand below them,
// so that all clients show the same order.

import type { RoomMessage } from "../clients/room-client.ts";

/** The most settled messages that the page keeps; older ones fall off the top. */
export const MAX_ENTRIES = 500;

/** One message on the page. */
export interface TimelineEntry {
  /** Stays the same from the first key stroke of "send" to the broadcast; unique on this page. */
  readonly key: string;
  /** The server's id; `undefined` until it is known. */
  readonly id: string | undefined;
  readonly from: string;
  readonly body: string;
  /** Server time once settled, local time before; milliseconds since 1970. */
  readonly atMs: number;
  readonly isOwn: boolean;
  readonly delivery: "sending" | "sent" | "failed";
}

/** What can happen to the timeline. */
export type TimelineEvent =
  | { readonly kind: "received"; readonly message: RoomMessage }
  | {
      readonly kind: "submitted";
      readonly key: string;
      readonly from: string;
      readonly body: string;
      readonly atMs: number;
    }
  | { readonly kind: "acknowledged"; readonly key: string; readonly id: string }
  | { readonly kind: "failed"; readonly key: string }
  | { readonly kind: "retried"; readonly key: string }
  | { readonly kind: "discarded"; readonly key: string };

/** The timeline after an event. Pure; unknown keys and repeated ids change nothing. */
export function reduceTimeline(entries: readonly TimelineEntry[], event: TimelineEvent): readonly TimelineEntry[] {
  switch (event.kind) {
    case "received":
      return receive(entries, event.message);
    case "submitted": {
      const { key, from, body, atMs } = event;
      return [...entries, { key, id: undefined, from, body, atMs, isOwn: true, delivery: "sending" }];
    }
    case "acknowledged":
      return acknowledge(entries, event.key, event.id);
    case "failed":
      return change(entries, event.key, (entry) =>
        entry.delivery === "sending" ? { ...entry, delivery: "failed" } : entry,
      );
    case "retried":
      return change(entries, event.key, (entry) =>
        entry.delivery === "failed" ? { ...entry, delivery: "sending" } : entry,
      );
    case "discarded":
      return entries.filter((entry) => entry.key !== event.key || entry.delivery === "sent");
    default:
      return event satisfies never;
  }
}

function receive(entries: readonly TimelineEntry[], message: RoomMessage): readonly TimelineEntry[] {
  if (entries.some((entry) => entry.id === message.id)) return settle(entries, message.id, message.atMs);
  const own = entries.find(
    (entry) => entry.id === undefined && entry.from === message.from && entry.body === message.body,
  );
  const { id, from, body, atMs } = message;
  const arrived: TimelineEntry = {
    key: own?.key ?? id,
    id,
    from,
    body,
    atMs,
    isOwn: own !== undefined,
    delivery: "sent",
  };
  const others = entries.filter((entry) => entry !== own);
  return inOrder([...others.filter(isSettled), arrived], others);
}

/** The reply names the id, which finds the broadcast that came before it, if any. */
function acknowledge(entries: readonly TimelineEntry[], key: string, id: string): readonly TimelineEntry[] {
  const broadcast = entries.find((entry) => entry.id === id);
  if (broadcast === undefined) {
    return change(entries, key, (entry) => ({ ...entry, id: entry.id ?? id, delivery: "sent" }));
  }
  if (broadcast.key === key) return entries;
  return entries
    .filter((entry) => entry.key !== key)
    .map((entry) => (entry === broadcast ? { ...entry, isOwn: true } : entry));
}

function settle(entries: readonly TimelineEntry[], id: string, atMs: number): readonly TimelineEntry[] {
  return entries.map((entry) => (entry.id === id ? { ...entry, atMs } : entry));
}

function change(
  entries: readonly TimelineEntry[],
  key: string,
  next: (entry: TimelineEntry) => TimelineEntry,
): readonly TimelineEntry[] {
  const changed = entries.map((entry) => (entry.key === key ? next(entry) : entry));
  return inOrder(changed.filter(isSettled), changed);
}

function inOrder(settled: readonly TimelineEntry[], all: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return [...settled.slice(-MAX_ENTRIES), ...all.filter((entry) => !isSettled(entry))];
}

function isSettled(entry: TimelineEntry): boolean {
  return entry.delivery === "sent";
}
