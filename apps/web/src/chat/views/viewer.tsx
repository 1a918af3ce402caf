import type { Message } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../views/icons.tsx";
import type { DeskProps } from "./props.ts";
import { useBorrowedFocus } from "./use-borrowed-focus.ts";

const ZOOMS = [1, 1.5, 2, 3, 4] as const;

/** A picture as large as the page: zoom with + and −, the wheel or a double press; the arrow keys go to the next one. */
export function Viewer({ page, entry, desk }: DeskProps): JSX.Element | null {
  const words = page.words.value;
  const message = desk.viewed.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const [zoom, setZoom] = useState(0);
  const [failed, setFailed] = useState("");
  useBorrowedFocus(dialog);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => setZoom(0), [message]);
  if (message?.type !== "image") return null;
  const close = (): void => {
    desk.viewed.value = undefined;
  };
  const zoomBy = (step: number): void => setZoom(Math.max(0, Math.min(ZOOMS.length - 1, zoom + step)));
  const go = (step: -1 | 1): void => {
    const next = neighbour(entry.log.messages, message, step);
    if (next !== undefined) desk.viewed.value = next;
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(-1),
    ArrowRight: () => go(1),
    "+": () => zoomBy(1),
    "=": () => zoomBy(1),
    "-": () => zoomBy(-1),
    "0": () => setZoom(0),
  };
  const { fileId, caption } = message.body;
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={caption ?? words.kinds.image}
      onClose={close}
      onKeyDown={(event) => keys[event.key]?.()}
    >
      <div class="viewer-tools">
        <ViewerButton label={words.zoomOut} icon="zoomOut" onPress={() => zoomBy(-1)} />
        <ViewerButton label={words.zoomIn} icon="zoomIn" onPress={() => zoomBy(1)} />
        <a class="icon-button" href={`/api/files/${fileId}`} download aria-label={words.save} title={words.save}>
          <Icon name="download" />
        </a>
        <ViewerButton label={words.close} icon="close" onPress={close} />
      </div>
      <div
        class="viewer-stage"
        data-zoomed={zoom > 0}
        onClick={(event) => event.target === event.currentTarget && close()}
        onWheel={(event) => {
          if (!event.ctrlKey) return;
          event.preventDefault();
          zoomBy(event.deltaY < 0 ? 1 : -1);
        }}
      >
        {failed === fileId ? (
          <p role="status">{words.noPicture}</p>
        ) : (
          <img
            src={`/api/files/${fileId}`}
            alt={caption ?? ""}
            style={{ "--zoom": String(ZOOMS[zoom] ?? 1) }}
            onDblClick={() => setZoom(zoom === 0 ? 2 : 0)}
            onError={() => setFailed(fileId)}
          />
        )}
      </div>
      {caption !== undefined && <p class="viewer-caption">{caption}</p>}
    </dialog>
  );
}

interface ViewerButtonProps {
  readonly label: string;
  readonly icon: "zoomIn" | "zoomOut" | "close";
  readonly onPress: () => void;
}

function ViewerButton({ label, icon, onPress }: ViewerButtonProps): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

/** The picture before or after another one. */
function neighbour(messages: readonly Message[], from: Message, step: -1 | 1): Message | undefined {
  const pictures = messages.filter(({ type }) => type === "image");
  return pictures[pictures.findIndex(({ seq }) => seq === from.seq) + step];
}
