import { signal, type Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { checkDraft, type DraftCheck } from "../../../state/draft.ts";
import type { DeskProps } from "../props.ts";
import { type MentionCompletion, mentionedIn, useMentions } from "./use-mentions.ts";

/** The longest text message, in UTF-16 code units as the server counts them. */
const MAX_TEXT_LENGTH = 4_000;

/** What is being written. */
export interface Writing {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly check: DraftCheck;
  readonly mentions: MentionCompletion;
  /** The tool that is open in place of, or above, the field. */
  readonly tool: Signal<"emoji" | "voice" | undefined>;
  readonly onInput: (event: { readonly currentTarget: HTMLTextAreaElement }) => void;
  /** Sends, or saves the edit. */
  readonly send: (event: Event) => void;
  /** Puts text where the caret is; the focus stays where it is. */
  readonly insert: (text: string) => void;
  /** Ends answering or editing; returns whether there was anything to end. */
  readonly cancel: () => boolean;
  /** Edits the last own message, if there is one to edit. */
  readonly editLast: () => boolean;
}

/** Keeps the draft of the conversation, and sends it. */
export function useWriting(props: DeskProps): Writing {
  const { chat, entry, desk } = props;
  const [text, setText] = useState(() => chat.drafts.of(entry.id));
  const field = useRef<HTMLTextAreaElement>(null);
  const tool = useMemo(() => signal<"emoji" | "voice" | undefined>(undefined), []);
  const nextCaret = useNextCaret(field, text);
  const caret = nextCaret.current ?? field.current?.selectionEnd ?? text.length;
  const change = (next: string, caretThen?: number): void => {
    setText(next);
    nextCaret.current = caretThen;
    if (desk.edited.peek() === undefined) chat.drafts.set(entry.id, next);
  };
  const mentions = useMentions(props, { field, text, caret, change });
  useGrowth(field, text);
  useDesk(props, { field, text, setText, change });
  const cancel = (): boolean => {
    const had = desk.edited.peek() !== undefined || desk.answered.peek() !== undefined;
    desk.edited.value = undefined;
    desk.answered.value = undefined;
    return had;
  };
  return {
    field,
    text,
    check: checkDraft(text, MAX_TEXT_LENGTH),
    mentions,
    tool,
    cancel,
    onInput: ({ currentTarget }) => {
      change(currentTarget.value);
      if (desk.edited.peek() === undefined) chat.reading.typing(entry, currentTarget.value !== "");
    },
    send: (event) => {
      event.preventDefault();
      if (!checkDraft(text, MAX_TEXT_LENGTH).canSend) return;
      if (desk.edited.peek() === undefined) say(props, text.trim(), mentions);
      else saveEdit(props, text.trim());
      change("");
      cancel();
      field.current?.focus();
    },
    insert: (given) => {
      const element = field.current;
      const [from, to] = [element?.selectionStart ?? text.length, element?.selectionEnd ?? text.length];
      change(text.slice(0, from) + given + text.slice(to), from + given.length);
    },
    editLast: () => editLast(props),
  };
}

function say({ chat, entry, desk }: DeskProps, text: string, mentions: MentionCompletion): void {
  const { userIds, isAll } = mentionedIn(text, mentions.people);
  chat.outbox.send({
    conversationId: entry.id,
    content: { type: "text", body: { text } },
    replyTo: desk.answered.peek()?.seq ?? 0,
    mentions: userIds,
    mentionsAll: isAll && entry.view.peek().role !== "member",
  });
  chat.reading.typing(entry, false);
}

function saveEdit({ page, chat, entry, desk }: DeskProps, text: string): void {
  const message = desk.edited.peek();
  if (message?.type !== "text") return;
  const held = entry.log.get(message.seq) ?? message;
  if (held.type === "text" && held.body.text === text) return;
  const save = page.attempt(async () => {
    const answer = await chat.call("edit_message", { conversationId: entry.id, seq: message.seq, text });
    chat.book.replaceMessage(entry, answer.message);
  });
  void save.then((isSaved) => {
    // What was written is not lost, unless something else is being written by now.
    if (isSaved || desk.edited.peek() !== undefined || chat.drafts.of(entry.id) !== "") return;
    desk.edited.value = { ...message, body: { ...message.body, text } };
  });
}

function editLast({ chat, entry, desk }: DeskProps): boolean {
  const last = entry.log.messages.slice(-30).findLast(({ senderId }) => senderId === chat.userId);
  if (last?.type !== "text" || chat.engine.now() - last.createdAt > 900_000) return false;
  desk.edited.value = last;
  return true;
}

interface Draft extends Pick<Writing, "field" | "text"> {
  readonly setText: (text: string) => void;
  readonly change: (text: string) => void;
}

/** Takes over texts that are to be edited or written again. */
function useDesk({ chat, entry, desk }: DeskProps, { field, text, setText, change }: Draft): void {
  const edited = desk.edited.value;
  const answered = desk.answered.value;
  const proposed = desk.proposed.value;
  useLayoutEffect(() => {
    if (edited?.type === "text") setText(edited.body.text);
    else setText(chat.drafts.of(entry.id));
    if (edited !== undefined) field.current?.focus();
  }, [edited]);
  useEffect(() => {
    if (answered !== undefined) field.current?.focus();
  }, [answered]);
  useEffect(() => {
    if (proposed === undefined) return;
    // What is being written stays.
    change(text.trim() === "" ? proposed : `${text}\n${proposed}`);
    desk.proposed.value = undefined;
    field.current?.focus();
  }, [proposed]);
}

/** Where the caret goes once a text that the page has changed is shown: before the next key, which no frame waits for. */
function useNextCaret(field: RefObject<HTMLTextAreaElement | null>, text: string): RefObject<number | undefined> {
  const next = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (next.current !== undefined) field.current?.setSelectionRange(next.current, next.current);
    next.current = undefined;
  }, [text]);
  return next;
}

/** Lets the field grow with its text; its style sheet says how far. */
function useGrowth(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
}
