import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import type { PendingFile } from "../../browser/pending-file.ts";
import type { DeskProps } from "../props.ts";
import { duration } from "../message/file-size.ts";

/** The longest recording, in milliseconds: the contract's limit. */
const MAX_MS = 600_000;
/** What is shorter was a slip of the finger, in milliseconds. */
const LEAST_MS = 700;
/** What is longer is not thrown away without a question, in milliseconds. */
const MAX_LOSS_MS = 3_000;

/** Props of {@link VoiceBar}. */
export interface VoiceBarProps extends DeskProps {
  readonly onDone: () => void;
}

/** Records, from the moment it is shown until it is sent or thrown away. */
export function VoiceBar({ page, chat, entry, onDone }: VoiceBarProps): JSX.Element {
  const words = page.words.value;
  const { recorder, startedAt, elapsed } = useRecorder(page, onDone);
  const send = (): void => {
    const current = recorder.current;
    if (current === undefined || startedAt === undefined) return;
    const durationMs = Math.min(MAX_MS, page.clock.now() - startedAt);
    finish(current, durationMs, (file) => {
      if (durationMs >= LEAST_MS) chat.outbox.send({ conversationId: entry.id, file });
      onDone();
    });
  };
  const discard = async (): Promise<void> => {
    const question = { title: words.discardRecording, text: words.discardText, yes: words.discard, isGrave: true };
    if (elapsed <= MAX_LOSS_MS || (await page.notices.ask(question))) onDone();
  };
  useEffect(() => {
    if (elapsed >= MAX_MS) send();
  }, [elapsed >= MAX_MS]);
  return (
    <div
      class="composer voice-bar"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        void discard();
      }}
    >
      <button type="button" class="button quiet" onClick={() => void discard()}>
        <Icon name="trash" />
        {words.discard}
      </button>
      <p class="recording" role="timer">
        <span class="status-dot" aria-hidden="true" />
        {words.recording} {duration(elapsed)}
      </p>
      <button
        type="button"
        class="send"
        aria-label={words.send}
        autoFocus
        disabled={startedAt === undefined}
        onClick={send}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}

/** Takes the microphone for as long as the view is shown. */
function useRecorder(page: VoiceBarProps["page"], onFailed: () => void) {
  const recorder = useRef<MediaRecorder | undefined>(undefined);
  const [startedAt, setStartedAt] = useState<number | undefined>(undefined);
  const [now, setNow] = useState(0);
  useEffect(() => {
    let isOver = false;
    let stream: MediaStream | undefined;
    const begin = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (isOver) return endStream(stream);
      recorder.current = new MediaRecorder(stream);
      recorder.current.start();
      setStartedAt(page.clock.now());
      setNow(page.clock.now());
    };
    begin().catch(() => {
      page.notices.say(page.words.peek().noMicrophone);
      onFailed();
    });
    const stopTicking = page.clock.every(200, () => setNow(page.clock.now()));
    return () => {
      isOver = true;
      stopTicking();
      // There may be a microphone, but no recorder for it.
      if (stream !== undefined) endStream(stream);
    };
  }, []);
  return { recorder, startedAt, elapsed: startedAt === undefined ? 0 : Math.max(0, now - startedAt) };
}

/** Ends a recording and makes a file of it. */
function finish(recorder: MediaRecorder, durationMs: number, take: (file: PendingFile) => void): void {
  const chunks: Blob[] = [];
  const { mimeType } = recorder;
  recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
  recorder.addEventListener("stop", () => {
    const name = `voice.${mimeType.includes("mp4") ? "m4a" : "webm"}`;
    take({ blob: new Blob(chunks, { type: mimeType }), name, kind: "voice", width: 0, height: 0, durationMs });
  });
  recorder.stop();
}

function endStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
