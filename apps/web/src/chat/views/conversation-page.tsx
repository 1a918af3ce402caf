import { codeOf } from "@hutong/chat-client";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { Icon } from "../../views/icons.tsx";
import { HOME } from "../page/address.ts";
import { errorText } from "../page/chat-page.ts";
import { conversationTitle } from "../page/names.ts";
import { Composer } from "./composer/composer.tsx";
import { createDesk } from "./desk.ts";
import { ConversationFace } from "./conversation-face.tsx";
import { lazyView } from "./lazy-view.tsx";
import { MessageList } from "./message-list.tsx";
import { statusText } from "./status-text.ts";
import { useUntilDone } from "./use-until-done.ts";
import { useTurns } from "./use-turns.ts";
import type { ChatProps, DeskProps, EntryProps, PageProps } from "./props.ts";

const DetailsPanel = lazyView(() => import("./details/details-panel.tsx").then((module) => module.DetailsPanel));
const SearchPanel = lazyView(() => import("./search/search-panel.tsx").then((module) => module.SearchPanel));
const Viewer = lazyView(() => import("./viewer.tsx").then((module) => module.Viewer));
const ReactionDialog = lazyView(() => import("./reaction-dialog.tsx").then((module) => module.ReactionDialog));
const ForwardDialog = lazyView(() => import("./forward-dialog.tsx").then((module) => module.ForwardDialog));

/** A conversation: what was said, where to answer, and what is beside it. */
export function ConversationPage({
  page,
  chat,
  conversationId,
}: ChatProps & { readonly conversationId: string }): JSX.Element {
  const entry = chat.book.entries.value.get(conversationId);
  if (entry === undefined) return <Unknown page={page} chat={chat} conversationId={conversationId} />;
  return <Open page={page} chat={chat} entry={entry} />;
}

/** A conversation that the device does not hold: asked for, and if there is none, the way back. */
function Unknown({ page, chat, conversationId }: ChatProps & { readonly conversationId: string }): JSX.Element {
  const words = page.words.value;
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const isReady = chat.engine.isReady.value;
  const isLive = chat.link.state.value.kind === "live";
  useEffect(() => {
    if (!isReady) return undefined;
    let isOver = false;
    setTrouble(undefined);
    chat.call("get_conversation", { conversationId }).then(
      ({ conversation, users }) => {
        chat.book.putUsers(users);
        chat.book.putConversation(conversation);
      },
      (error: unknown) => !isOver && setTrouble(codeOf(error)),
    );
    return () => {
      isOver = true;
    };
  }, [conversationId, isReady, isLive]);
  return (
    <>
      <header class="talk-top talk-top-bare">
        <BackButton page={page} />
      </header>
      <p class="empty stage-empty" role="status">
        {trouble !== undefined ? errorText(words, trouble) : isReady ? words.loading : ""}
      </p>
    </>
  );
}

function BackButton({ page }: PageProps): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button talk-back"
      aria-label={page.words.value.back}
      onClick={() => page.place.goTo(HOME)}
    >
      <Icon name="back" />
    </button>
  );
}

function Open({ page, chat, entry }: EntryProps): JSX.Element {
  const { panel } = page.place.address.value;
  const desk = useMemo(() => createDesk(entry), [entry]);
  const isDragged = useDrop(desk);
  useOpening({ page, chat, entry });
  const element = useRef<HTMLDivElement>(null);
  useTurns(panel !== undefined, element);
  const viewed = desk.viewed.value;
  const forwarded = desk.forwarded.value;
  return (
    <div ref={element} class="talk" tabIndex={-1} data-panel={panel ?? "none"} data-drop={isDragged}>
      <div class="talk-main">
        <Header page={page} chat={chat} entry={entry} />
        <Notice page={page} chat={chat} entry={entry} />
        <MessageList page={page} chat={chat} entry={entry} desk={desk} />
        <Composer page={page} chat={chat} entry={entry} desk={desk} />
      </div>
      {panel === "details" && <DetailsPanel page={page} chat={chat} entry={entry} />}
      {panel === "search" && <SearchPanel page={page} chat={chat} entry={entry} />}
      {desk.reacting.value !== undefined && <ReactionDialog page={page} chat={chat} entry={entry} desk={desk} />}
      {viewed !== undefined && <Viewer page={page} chat={chat} entry={entry} desk={desk} />}
      {forwarded !== undefined && <ForwardDialog page={page} chat={chat} entry={entry} desk={desk} />}
    </div>
  );
}

function Header({ page, chat, entry }: EntryProps): JSX.Element {
  const words = page.words.value;
  const view = entry.view.value;
  const title = conversationTitle(chat, view, words);
  const { panel } = page.place.address.value;
  const toggle = (name: "details" | "search"): void => page.place.goTo({ panel: panel === name ? undefined : name });
  return (
    <header class="talk-top">
      <BackButton page={page} />
      <div class="talk-who">
        <ConversationFace page={page} chat={chat} view={view} />
        <div class="talk-name">
          <h1>
            <button type="button" class="talk-title" onClick={() => toggle("details")}>
              {title}
            </button>
          </h1>
          <p class="talk-status" aria-live="polite">
            {statusText({ page, chat, entry })}
          </p>
        </div>
      </div>
      <button
        type="button"
        class="icon-button"
        aria-label={words.searchHere}
        title={words.searchHere}
        aria-pressed={panel === "search"}
        onClick={() => toggle("search")}
      >
        <Icon name="search" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={words.details}
        title={words.details}
        aria-pressed={panel === "details"}
        onClick={() => toggle("details")}
      >
        <Icon name="more" />
      </button>
    </header>
  );
}

/** The notice board of a group, until it was put away on this device. */
function Notice({ page, entry }: EntryProps): JSX.Element | null {
  const { notice } = entry.view.value;
  const [seen, setSeen] = useState("");
  if (notice === "" || notice === seen) return null;
  return (
    <aside class="board">
      <Icon name="board" />
      <p>{notice}</p>
      <button type="button" class="icon-button" aria-label={page.words.value.close} onClick={() => setSeen(notice)}>
        <Icon name="close" />
      </button>
    </aside>
  );
}

/** Loads what is missing, hears a room while it is shown, and learns how far members have read. */
function useOpening({ page, chat, entry }: EntryProps): void {
  useEffect(() => {
    const { type } = entry.view.peek();
    if (type === "group") loadMarks({ page, chat, entry }).catch(() => undefined);
    return type === "room" ? chat.link.showRoom(entry.id) : undefined;
  }, [entry]);
  // Offline, what the device holds is shown; the next join brings the rest.
  useUntilDone({ page, chat }, () => chat.open(entry), [entry]);
}

async function loadMarks({ chat, entry }: EntryProps): Promise<void> {
  const { members } = await chat.call("list_members", { conversationId: entry.id, limit: 200 });
  chat.book.putUsers(members.map(({ user }) => user));
  for (const { user, readSeq, receivedSeq } of members)
    chat.book.putMarks(entry, { userId: user.id, readSeq, receivedSeq });
}

/** Files that are dropped on the conversation or pasted into the page are sent; the composer asks first. */
function useDrop(desk: DeskProps["desk"]): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      desk.offered.value = [...(event.dataTransfer?.files ?? [])];
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [desk]);
  return isOver;
}
