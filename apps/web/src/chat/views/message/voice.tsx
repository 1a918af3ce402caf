import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import type { PageProps } from "../props.ts";
import { duration } from "./file-size.ts";

/** The voice that plays now; another one stops it. */
let playing: HTMLAudioElement | undefined;

/** A recording with its length; its width grows with it. */
export function Voice({
  page,
  fileId,
  durationMs,
}: PageProps & { readonly fileId: string; readonly durationMs: number }): JSX.Element {
  const words = page.words.value;
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [share, setShare] = useState(0);
  useEffect(() => () => audio.current?.pause(), []);
  const toggle = (): void => {
    const element = audio.current;
    if (element === null) return;
    if (!element.paused) return element.pause();
    playing?.pause();
    playing = element;
    void page.attempt(() => element.play());
  };
  return (
    <button
      type="button"
      class="voice"
      data-playing={isPlaying}
      style={{ "--length": String(Math.min(1, durationMs / 30_000)), "--share": String(share) }}
      aria-label={`${isPlaying ? words.pause : words.play}: ${words.kinds.voice} ${duration(durationMs)}`}
      onClick={toggle}
    >
      <Icon name={isPlaying ? "pause" : "play"} />
      <span class="voice-bars" aria-hidden="true" />
      <span class="voice-time">{duration(durationMs)}</span>
      <audio
        ref={audio}
        preload="none"
        src={`/api/files/${fileId}`}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setShare(0)}
        onTimeUpdate={({ currentTarget }) => setShare((currentTarget.currentTime * 1_000) / Math.max(1, durationMs))}
      />
    </button>
  );
}
