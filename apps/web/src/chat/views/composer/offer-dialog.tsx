import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import { toPendingFile } from "../../browser/pending-file.ts";
import type { DeskProps } from "../props.ts";
import { Dialog } from "../dialog.tsx";
import { fileSize } from "../message/file-size.ts";

/** Shows files before they are sent. */
export function OfferDialog({ page, chat, entry, desk }: DeskProps): JSX.Element {
  const words = page.words.value;
  const files = desk.offered.value;
  const urls = useMemo(() => files.map((file) => (isPicture(file) ? URL.createObjectURL(file) : undefined)), [files]);
  useEffect(
    () => () => {
      for (const url of urls) if (url !== undefined) URL.revokeObjectURL(url);
    },
    [urls],
  );
  const close = (): void => {
    desk.offered.value = [];
  };
  const send = async (): Promise<void> => {
    close();
    for (const file of files) {
      chat.outbox.send({ conversationId: entry.id, file: await toPendingFile(file, page.clock) });
    }
  };
  return (
    <Dialog page={page} title={words.sendCount(files.length)} onClose={close}>
      <ul class="offers">
        {files.map((file, index) => (
          <li key={`${file.name}-${index}`}>
            {urls[index] === undefined ? (
              <p class="file-line">
                <Icon name="file" />
                <span class="file-name">{file.name}</span>
                <span class="hint">{fileSize(file.size)}</span>
              </p>
            ) : (
              <img class="offer" src={urls[index]} alt={file.name} />
            )}
          </li>
        ))}
      </ul>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={close}>
          {words.cancel}
        </button>
        <button type="button" class="button primary" autoFocus onClick={() => void send()}>
          {words.send}
        </button>
      </div>
    </Dialog>
  );
}

function isPicture({ type }: File): boolean {
  return type.startsWith("image/");
}
