import type { Message } from "@hutong/chat-api";
import { useEffect, useState } from "preact/hooks";

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

/** Searches messages, in one conversation or in all, once typing pauses. */
export function useSearch({ page, chat }: ChatProps, query: string, conversationId: string | undefined): Found {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const [hasMore, setMore] = useState(false);
  const [isBusy, setBusy] = useState(query !== "");
  const search = async (before: string | undefined): Promise<readonly Message[]> => {
    const answer = await chat.call("search_messages", {
      query: query.slice(0, 50),
      ...(conversationId !== undefined && { conversationId }),
      ...(before !== undefined && { before }),
    });
    chat.book.putUsers(answer.users);
    setMore(answer.more);
    return answer.messages;
  };
  useEffect(() => {
    if (query === "") {
      setMessages([]);
      setMore(false);
      setBusy(false);
      return undefined;
    }
    let isOver = false;
    setBusy(true);
    const stop = page.clock.after(PAUSE_MS, () => {
      search(undefined).then(
        (found) => !isOver && (setMessages(found), setBusy(false)),
        () => !isOver && setBusy(false),
      );
    });
    return () => {
      isOver = true;
      stop();
    };
  }, [query, conversationId]);
  return {
    messages,
    isBusy,
    hasMore,
    loadMore: () =>
      void page.attempt(async () => {
        const found = await search(messages.at(-1)?.id);
        setMessages([...messages, ...found]);
      }),
  };
}
