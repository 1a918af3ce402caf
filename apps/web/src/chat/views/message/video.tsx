import type { Message } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import type { PageProps } from "../props.ts";
import { duration } from "./file-size.ts";

/** Props of {@link Video}. */
export interface VideoProps extends PageProps {
  readonly body: Extract<Message, { readonly type: "video" }>["body"];
}

/** A video: its poster and length until somebody presses play, then the browser's own controls. */
export function Video({ page, body }: VideoProps): JSX.Element {
  const words = page.words.value;
  const { fileId, posterId, width, height, durationMs } = body;
  const video = useRef<HTMLVideoElement>(null);
  const [isStarted, setStarted] = useState(false);
  const length = durationMs > 0 ? duration(durationMs) : "";
  const start = (): void => {
    void page.attempt(async () => {
      await video.current?.play();
      video.current?.focus();
    });
  };
  return (
    <div class="video" style={{ "--ratio": String((width || 16) / (height || 9)) }}>
      <video
        ref={video}
        class="picture"
        controls={isStarted}
        playsInline
        preload={posterId === undefined ? "metadata" : "none"}
        width={width || 320}
        height={height || 180}
        poster={posterId === undefined ? undefined : `/api/files/${posterId}/thumbnail`}
        src={`/api/files/${fileId}`}
        aria-label={`${words.kinds.video} ${length}`}
        onPlay={() => setStarted(true)}
      />
      {!isStarted && (
        <button
          type="button"
          class="video-start"
          aria-label={`${words.play}: ${words.kinds.video} ${length}`}
          onClick={start}
        >
          <Icon name="play" />
          {length !== "" && <span class="video-length">{length}</span>}
        </button>
      )}
    </div>
  );
}
