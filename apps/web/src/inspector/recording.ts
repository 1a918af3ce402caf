import type { TracedFrame } from "@hutong/chat-api";
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";

import type { Clock } from "../clock.ts";
import { followTrace, type TraceEnd } from "./api.ts";

/** Frames that a recording keeps. */
export const MAX_FRAMES = 1_000;

/** Time that the lanes show, in milliseconds. */
export const WINDOW_MS = 30_000;

/** Time between two steps of the lanes, in milliseconds. */
const STEP_MS = 250;

/** What the list of frames leaves out. */
export interface FrameFilter {
  readonly text: string;
  readonly direction: "both" | "in" | "out";
}

/** The frames of one connection, as they come. */
export interface Recording {
  readonly connectionId: string;
  /** Whether the server records: from then on no frame is missed. */
  readonly isOpen: ReadonlySignal<boolean>;
  /** Why it is over; `undefined` while it is not. */
  readonly end: ReadonlySignal<TraceEnd | undefined>;
  /** The frames that are shown, the oldest first: the latest 1,000, or those of the moment of the pause. */
  readonly frames: ReadonlySignal<readonly TracedFrame[]>;
  /** Those that pass the filter. */
  readonly passing: ReadonlySignal<readonly TracedFrame[]>;
  /** The right end of the lanes, in milliseconds since the recording began. */
  readonly nowMs: ReadonlySignal<number>;
  readonly filter: Signal<FrameFilter>;
  /** Number of the frame that is looked at. */
  readonly chosen: Signal<number | undefined>;
  /** Recording goes on behind a pause. */
  readonly isPaused: Signal<boolean>;
  /** Forgets the frames so far. */
  clear(): void;
  /** Lets go of the connection, for good. */
  stop(): void;
}

/** Begins to record. */
export function createRecording(clock: Clock, connectionId: string, token: string | undefined): Recording {
  const startedAtMs = clock.now();
  const kept = signal<readonly TracedFrame[]>([]);
  const frames = signal<readonly TracedFrame[]>([]);
  const nowMs = signal(0);
  const end = signal<TraceEnd | undefined>(undefined);
  const isOpen = signal(false);
  const isPaused = signal(false);
  const filter = signal<FrameFilter>({ text: "", direction: "both" });
  const abort = new AbortController();
  const onFrames = (more: readonly TracedFrame[]): void => {
    kept.value = [...kept.value, ...more].slice(-MAX_FRAMES);
  };
  const onOpen = (): void => {
    isOpen.value = true;
  };
  void followTrace({ connectionId, token, signal: abort.signal, onOpen, onFrames }).then((why) => (end.value = why));
  const stopShowing = effect(() => {
    if (!isPaused.value) frames.value = kept.value;
  });
  const stopClock = clock.every(STEP_MS, () => {
    if (!isPaused.value && end.value === undefined) nowMs.value = clock.now() - startedAtMs;
  });
  return {
    connectionId,
    isOpen,
    end,
    frames,
    passing: computed(() => frames.value.filter((frame) => passes(frame, filter.value))),
    nowMs,
    filter,
    chosen: signal<number | undefined>(undefined),
    isPaused,
    clear: () => {
      kept.value = [];
      frames.value = [];
    },
    stop: () => {
      abort.abort();
      stopShowing();
      stopClock();
    },
  };
}

/** The text of a file with one frame per line. */
export function toJsonLines(frames: readonly TracedFrame[]): string {
  return frames.map((frame) => `${JSON.stringify(frame)}\n`).join("");
}

/** The lanes of frames in the order of their first one; frames about the link itself have the lane `""`, which is first. */
export function lanesOf(frames: readonly TracedFrame[]): readonly string[] {
  const topics = new Set(frames.map(({ topic }) => topic));
  topics.delete("");
  return ["", ...topics];
}

function passes({ direction, kind, topic, event, payload }: TracedFrame, filter: FrameFilter): boolean {
  if (filter.direction !== "both" && filter.direction !== direction) return false;
  const wanted = filter.text.trim().toLowerCase();
  return wanted === "" || [kind, topic, event, payload].some((field) => field.toLowerCase().includes(wanted));
}
