import type { Message } from "@hutong/chat-api";
import { useEffect, useRef, useState } from "preact/hooks";

import type { ChatProps } from "../props.ts";

/** How long typing must pause before the server is asked, in milliseconds. */
const PAUSE_MS = 250;

/** What a search has found so far. */
export interface Found {
  readonly messages: readonly Message[];
  readonly isBusy: boolean;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
}

/** Nothing was looked for. */
const NOTHING = { messages: [] as readonly Message[], hasMore: false };

/** Searches messages, in one conversation or in all, once typing pauses. */
export function useSearch({ page, chat }: ChatProps, query: string, conversationId: string | undefined): Found {
  const [found, setFound] = useState(NOTHING);
  const [isBusy, setBusy] = useState(query !== "");
  /** Counts the questions: an answer to any but the last comes too late. */
  const turn = useRef(0);
  const search = async (older: readonly Message[]): Promise<void> => {
    const own = (turn.current += 1);
    const before = older.at(-1)?.id;
    let next = { ...NOTHING, messages: older };
    setBusy(true);
    await page.attempt(async () => {
      const answer = await chat.call("search_messages", {
        query: query.slice(0, 50),
        ...(conversationId !== undefined && { conversationId }),
        ...(before !== undefined && { before }),
      });
      chat.book.putUsers(answer.users);
      next = { messages: [...older, ...answer.messages], hasMore: answer.more };
    });
    if (own !== turn.current) return;
    setFound(next);
    setBusy(false);
  };
  useEffect(() => {
    if (query === "") setFound(NOTHING);
    setBusy(query !== "");
    const stop = query === "" ? undefined : page.clock.after(PAUSE_MS, () => void search([]));
    return () => {
      turn.current += 1;
      stop?.();
    };
  }, [query, conversationId]);
  return { ...found, isBusy, loadMore: () => void search(found.messages) };
}
