import { application } from "../../platform/application";
import { phoneClock } from "../../platform/clock";
import type { TalkDesk } from "./talk-desk";

/** WeChat's longest recording, in milliseconds; shorter than the server's limit. */
const MAX_MS = 60_000;
/** What is shorter was a slip of the finger. */
const LEAST_MS = 600;
/** How far a finger slides up to discard, in CSS pixels. */
const SLIDE = 60;

interface Recording {
  readonly desk: TalkDesk;
  readonly startY: number;
  readonly startedAt: number;
  isDiscarded: boolean;
}

/** Records voice messages, one at a time, and plays them, one at a time. The phone has one recorder for all pages. */
class Voice {
  #recorder: WxRecorder | undefined;
  #recording: Recording | undefined;
  #sound: { readonly player: WxSound; readonly desk: TalkDesk } | undefined;
  /** Id of the file that plays, or that is loaded to be played; `""` for none. */
  #playing = "";

  /** A finger goes down. */
  record(desk: TalkDesk, startY: number): void {
    this.stopPlaying();
    this.#recording = { desk, startY, startedAt: phoneClock.now(), isDiscarded: false };
    this.#ready().start({ duration: MAX_MS, format: "mp3" });
    wx.vibrateShort({ type: "light", fail: () => undefined });
  }

  /** The finger moves; says whether lifting it now would discard. */
  slid(y: number): boolean {
    if (this.#recording === undefined) return false;
    this.#recording.isDiscarded = this.#recording.startY - y > SLIDE;
    return this.#recording.isDiscarded;
  }

  /** The finger is lifted. `isDiscarded` gives the recording up whatever it did. */
  finish(isDiscarded: boolean): void {
    // A recording of the greatest length has ended by itself.
    if (this.#recording === undefined) return;
    if (isDiscarded) this.#recording.isDiscarded = true;
    this.#recorder?.stop();
  }

  /** Plays a voice message; the one that plays already is stopped. */
  async toggle(desk: TalkDesk, fileId: string): Promise<void> {
    const wasPlaying = this.stopPlaying();
    if (wasPlaying === fileId) return;
    this.#playing = fileId;
    desk.put({ playing: fileId });
    const src = (await application.files?.load(fileId)) ?? "";
    if (this.#playing !== fileId) return;
    if (src === "") return this.#ended(desk);
    const player = wx.createInnerAudioContext();
    this.#sound = { player, desk };
    player.onEnded(() => this.#ended(desk));
    player.onError(() => this.#ended(desk));
    player.src = src;
    player.play();
  }

  /** Stops what plays, and gives its file's id; `""` when nothing did. */
  stopPlaying(): string {
    const before = this.#playing;
    if (this.#sound !== undefined) this.#ended(this.#sound.desk);
    this.#playing = "";
    return before;
  }

  #ended(desk: TalkDesk): void {
    this.#sound?.player.destroy();
    this.#sound = undefined;
    this.#playing = "";
    desk.put({ playing: "" });
  }

  #ready(): WxRecorder {
    if (this.#recorder !== undefined) return this.#recorder;
    const recorder = wx.getRecorderManager();
    recorder.onStop(({ tempFilePath, duration }) => this.#recorded(tempFilePath, duration));
    recorder.onError(() => {
      this.#recording = undefined;
      wx.showToast({ title: application.words.errorText("unavailable"), icon: "none" });
    });
    this.#recorder = recorder;
    return recorder;
  }

  #recorded(path: string, duration: number | undefined): void {
    const recording = this.#recording;
    this.#recording = undefined;
    if (recording === undefined || recording.isDiscarded) return;
    const durationMs = Math.round(duration ?? phoneClock.now() - recording.startedAt);
    const { place } = recording.desk;
    if (durationMs < LEAST_MS || place === undefined) return;
    const file = { path, kind: "voice", width: 0, height: 0, durationMs } as const;
    place.chat.outbox.send({ conversationId: place.entry.id, file });
    recording.desk.toEnd();
  }
}

/** The voice of this phone. */
export const voice = new Voice();
