import type { OutboxEntry } from "@hutong/chat-client";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import { linkify } from "../../../state/linkify.ts";
import { Icon } from "../../../views/icons.tsx";
import type { PendingFile } from "../../browser/pending-file.ts";
import { errorText } from "../../page/chat-page.ts";
import type { DeskProps, PageRow } from "../props.ts";
import { fileSize } from "./file-size.ts";
import { Quote } from "./quote.tsx";

/** Props of {@link PendingView}. */
export interface PendingViewProps extends DeskProps {
  readonly row: Extract<PageRow, { readonly kind: "pending" }>;
}

/** A message that the server has not stored yet. */
export function PendingView({ page, chat, entry, desk, row }: PendingViewProps): JSX.Element {
  const words = page.words.value;
  const { state, content, file, replyTo = 0, clientMessageId } = row.entry;
  const text = content?.type === "text" ? content.body.text : undefined;
  const discard = async (): Promise<void> => {
    // Other files are still where they were taken from.
    const isOnlyHere = text !== undefined || file?.kind === "voice";
    const question = { title: words.discardMessage, text: words.discardText, yes: words.discard, isGrave: true };
    if (!isOnlyHere || (await page.notices.ask(question))) chat.outbox.discard(clientMessageId);
  };
  const edit = (): void => {
    chat.outbox.discard(clientMessageId);
    desk.proposed.value = text;
  };
  return (
    <article
      class="row talk-row"
      data-own="true"
      data-head={row.isHead}
      data-delivery={state.kind === "refused" ? "failed" : "sending"}
    >
      <div class="talk-body">
        <div class="bubble-line">
          <div class="bubble" dir="auto" data-type={file?.kind ?? content?.type ?? "text"}>
            {replyTo > 0 && <Quote page={page} chat={chat} entry={entry} seq={replyTo} />}
            {text !== undefined && <p class="bubble-text">{linkify(text).map(({ text: part }) => part)}</p>}
            {file !== undefined && <PendingFileView entry={row.entry} />}
            {text === undefined && file === undefined && content !== undefined && <p>{words.kinds[content.type]}</p>}
          </div>
        </div>
        <p class="delivery">
          <Icon name={state.kind === "refused" ? "failed" : "sending"} />
          {state.kind === "refused" ? `${words.notSentShort} ${errorText(words, state.code)}` : words.sending}
          {state.kind === "refused" && (
            <>
              <button type="button" class="text-button" onClick={() => chat.outbox.retry(clientMessageId)}>
                {words.retry}
              </button>
              {text !== undefined && (
                <button type="button" class="text-button" onClick={edit}>
                  {words.edit}
                </button>
              )}
            </>
          )}
          {state.kind !== "sending" && (
            <button type="button" class="text-button" onClick={() => void discard()}>
              {state.kind === "refused" ? words.discard : words.cancel}
            </button>
          )}
        </p>
      </div>
    </article>
  );
}

function PendingFileView({ entry }: { readonly entry: OutboxEntry<PendingFile> }): JSX.Element {
  const { file, state } = entry;
  const picture = file?.kind === "image" ? file.blob : file?.poster;
  const url = useMemo(() => (picture === undefined ? "" : URL.createObjectURL(picture)), [picture]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const share = state.kind === "uploading" ? state.progress : state.kind === "sending" ? 1 : 0;
  return (
    <div class="pending-file">
      {file !== undefined && picture !== undefined ? (
        <img class="picture" src={url} alt="" width={file.width} height={file.height} />
      ) : (
        <p class="file-line">
          <Icon name="file" />
          <span class="file-name">{file?.name}</span>
          <span class="hint">{fileSize(file?.blob.size ?? 0)}</span>
        </p>
      )}
      <progress class="upload" max={1} value={share} aria-label={`${Math.round(share * 100)} %`} />
    </div>
  );
}
