import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { isComposing, isSendKey } from "../../../state/draft.ts";
import { Icon } from "../../../views/icons.tsx";
import { messageText, senderName, silenceOf } from "../../page/names.ts";
import type { DeskProps } from "../props.ts";
import { lazyView } from "../lazy-view.tsx";
import { AttachMenu } from "./attach-menu.tsx";
import { ChoiceBar } from "./choice-bar.tsx";
import { mentionId, MentionList, MENTIONS_ID } from "./mention-list.tsx";
import { OfferDialog } from "./offer-dialog.tsx";
import { type Writing, useWriting } from "./use-writing.ts";

const VoiceBar = lazyView(() => import("./voice-bar.tsx").then((module) => module.VoiceBar));
const EmojiPicker = lazyView(() => import("./emoji-picker.tsx").then((module) => module.EmojiPicker));

/** Where messages are written, or why none can be. */
export function Composer(props: DeskProps): JSX.Element {
  const { page, chat, entry, desk } = props;
  const silence = silenceOf(entry.view.value, chat.engine.now());
  useMuteEnd(props);
  if (desk.chosen.value !== undefined) return <ChoiceBar {...props} />;
  if (silence !== undefined) return <p class="silence">{page.words.value.silence[silence]}</p>;
  return <Open {...props} />;
}

/** Nothing else tells that the time of silence is over. */
function useMuteEnd({ page, chat, entry }: DeskProps): void {
  const { mutedUntil } = entry.view.value;
  const [, setOver] = useState(0);
  useEffect(() => {
    const leftMs = mutedUntil - chat.engine.now();
    return leftMs > 0 ? page.clock.after(leftMs, () => setOver(mutedUntil)) : undefined;
  }, [mutedUntil]);
}

function Open(props: DeskProps): JSX.Element {
  const { page, chat, entry, desk } = props;
  const words = page.words.value;
  const writing = useWriting(props);
  const { field, text, check } = writing;
  useAutofocus(field, entry.id);
  const closeEmoji = (): boolean => {
    const wasOpen = writing.tool.peek() === "emoji";
    if (wasOpen) writing.tool.value = undefined;
    return wasOpen;
  };
  const insert = (emoji: string, isByKey: boolean): void => {
    writing.insert(emoji);
    if (!isByKey && canHover()) field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event) || writing.mentions.handleKey(event)) return;
    if (isSendKey(event)) writing.send(event);
    if (event.key === "Escape" && (closeEmoji() || writing.cancel())) event.preventDefault();
    if (event.key === "ArrowUp" && text === "" && writing.editLast()) event.preventDefault();
  };
  if (writing.tool.value === "voice") return <VoiceBar {...props} onDone={() => (writing.tool.value = undefined)} />;
  return (
    <div class="composer">
      <Above {...props} />
      <MentionList page={page} chat={chat} completion={writing.mentions} />
      {writing.tool.value === "emoji" && <EmojiPicker page={page} onPick={insert} onClose={closeEmoji} />}
      <div class="composer-row">
        <AttachMenu page={page} chat={chat} entry={entry} desk={desk} />
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          aria-label={words.message}
          aria-invalid={(check.remaining ?? 0) < 0}
          aria-autocomplete={writing.mentions.people.length > 0 ? "list" : undefined}
          aria-controls={writing.mentions.matches.length > 0 ? MENTIONS_ID : undefined}
          aria-activedescendant={writing.mentions.matches.length > 0 ? mentionId(writing.mentions.active) : undefined}
          enterkeyhint="send"
          placeholder={words.messagePlaceholder}
          value={text}
          onInput={writing.onInput}
          onKeyDown={onKeyDown}
          onBlur={() => chat.reading.typing(entry, false)}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length === 0) return;
            event.preventDefault();
            desk.offered.value = files;
          }}
        />
        <button
          type="button"
          class="icon-button"
          aria-label={words.emoji}
          title={words.emoji}
          aria-expanded={writing.tool.value === "emoji"}
          onClick={() => (writing.tool.value = writing.tool.value === "emoji" ? undefined : "emoji")}
        >
          <Icon name="smile" />
        </button>
        <SendButton page={page} writing={writing} />
      </div>
      <p class="composer-foot">
        <span class="composer-hint">{words.composerHint}</span>
        {check.remaining !== undefined && (
          <span class="counter" data-over={check.remaining < 0}>
            {words.remaining(check.remaining)}
          </span>
        )}
      </p>
      {desk.offered.value.length > 0 && <OfferDialog {...props} />}
    </div>
  );
}

/** Sends what is written; with nothing written it records, where the browser can. */
function SendButton({ page, writing }: Pick<DeskProps, "page"> & { readonly writing: Writing }): JSX.Element {
  const words = page.words.value;
  const canRecord = "mediaDevices" in navigator && "MediaRecorder" in globalThis;
  if (writing.text.trim() === "" && canRecord)
    return (
      <button
        type="button"
        class="send"
        data-quiet="true"
        aria-label={words.record}
        title={words.record}
        onClick={() => (writing.tool.value = "voice")}
      >
        <Icon name="microphone" />
      </button>
    );
  return (
    <button
      type="button"
      class="send"
      aria-label={words.send}
      title={words.send}
      disabled={!writing.check.canSend}
      onClick={writing.send}
    >
      <Icon name="send" />
    </button>
  );
}

/** The message that is answered or edited. */
function Above({ page, chat, desk }: DeskProps): JSX.Element | null {
  const words = page.words.value;
  const edited = desk.edited.value;
  const message = edited ?? desk.answered.value;
  if (message === undefined) return null;
  const end = (): void => {
    desk.edited.value = undefined;
    desk.answered.value = undefined;
  };
  return (
    <div class="above">
      <Icon name={edited === undefined ? "reply" : "edit"} />
      <p>
        <b>{edited === undefined ? words.replyTo(senderName(chat, message)) : words.editing}</b>
        <span>{messageText(chat, message, words)}</span>
      </p>
      <button type="button" class="icon-button" aria-label={words.cancel} onClick={end}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function useAutofocus(field: { readonly current: HTMLTextAreaElement | null }, id: string): void {
  const last = useRef("");
  useEffect(() => {
    if (last.current !== id && canHover()) field.current?.focus();
    last.current = id;
  }, [id]);
}

/** Whether the field may take the focus by itself: on a touch screen the keyboard would jump up. */
function canHover(): boolean {
  return matchMedia("(hover: hover)").matches;
}
