import { systemClock } from "../clock.ts";
import { isRecord, numberOf } from "../is-record.ts";
import type { Upload } from "./media-picker.ts";

type Arguments = Readonly<Record<string, unknown>>;
type Report = (data: object) => void;

const RECORDER_ID = 0;

/** Sound of the mini-program: players by number, and the microphone. */
export class Sounds {
  readonly #players = new Map<number, HTMLAudioElement>();
  readonly #resolve: (address: string) => string;
  readonly #upload: Upload;
  readonly #report: Report;
  #recorder: MediaRecorder | undefined;
  #recorderCalls: Promise<void> = Promise.resolve();

  /** `report` tells the logic layer what a player does. */
  constructor(resolve: (address: string) => string, upload: Upload, report: Report) {
    this.#resolve = resolve;
    this.#upload = upload;
    this.#report = report;
  }

  /** Carries out a call of `createInnerAudioContext`'s object. */
  operate(args: Arguments): void {
    const id = numberOf(args["audioId"]);
    const player = this.#players.get(id) ?? this.#create(id);
    switch (args["action"]) {
      case "set":
        this.#set(player, isRecord(args["value"]) ? args["value"] : {});
        return;
      case "play":
        void player.play().catch((error: unknown) => this.#tell(id, "Error", { errMsg: String(error) }));
        return;
      case "pause":
        player.pause();
        return;
      case "stop":
        player.pause();
        player.currentTime = 0;
        this.#tell(id, "Stop", {});
        return;
      case "seek":
        player.currentTime = Number(args["value"]) || 0;
        return;
      default:
        player.pause();
        this.#players.delete(id);
    }
  }

  /** Carries out a call of the recorder, after those before it: the user may be asked before it starts. */
  record(args: Arguments): Promise<void> {
    const done = this.#recorderCalls.then(() => this.#record(args));
    this.#recorderCalls = done.catch(() => {
      // Whoever called hears of it.
    });
    return done;
  }

  async #record(args: Arguments): Promise<void> {
    switch (args["action"]) {
      case "start":
        await this.#startRecording(args);
        return;
      case "stop":
        this.#recorder?.stop();
        return;
      case "pause":
        this.#recorder?.pause();
        return;
      default:
        this.#recorder?.resume();
    }
  }

  /** Ends everything. */
  clear(): void {
    for (const player of this.#players.values()) player.pause();
    this.#players.clear();
    if (this.#recorder?.state === "recording") this.#recorder.stop();
  }

  #create(id: number): HTMLAudioElement {
    const player = new Audio();
    this.#players.set(id, player);
    const events = {
      canplay: "Canplay",
      play: "Play",
      pause: "Pause",
      ended: "Ended",
      timeupdate: "TimeUpdate",
      waiting: "Waiting",
      seeking: "Seeking",
      seeked: "Seeked",
    };
    for (const [type, event] of Object.entries(events)) player.addEventListener(type, () => this.#tell(id, event, {}));
    player.addEventListener("error", () =>
      this.#tell(id, "Error", { errMsg: "MEDIA_ERR_SRC_NOT_SUPPORTED", errCode: 10_004 }),
    );
    return player;
  }

  #set(player: HTMLAudioElement, values: Arguments): void {
    if (typeof values["src"] === "string") player.src = this.#resolve(values["src"]);
    if (typeof values["loop"] === "boolean") player.loop = values["loop"];
    if (typeof values["autoplay"] === "boolean") player.autoplay = values["autoplay"];
    if (typeof values["volume"] === "number") player.volume = Math.min(1, Math.max(0, values["volume"]));
    if (typeof values["playbackRate"] === "number") player.playbackRate = values["playbackRate"];
  }

  #tell(audioId: number, event: string, data: object): void {
    const player = this.#players.get(audioId);
    const state =
      player === undefined
        ? {}
        : {
            paused: player.paused,
            currentTime: player.currentTime,
            duration: Number.isFinite(player.duration) ? player.duration : 0,
          };
    this.#report({ audioId, event, ...state, ...data });
  }

  async #startRecording(args: Arguments): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const recorder = new MediaRecorder(stream);
    const chunks: Blob[] = [];
    const startedMs = systemClock.now();
    this.#recorder = recorder;
    recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      const duration = systemClock.now() - startedMs;
      const file = new Blob(chunks, { type: recorder.mimeType });
      void this.#upload(file).then((tempFilePath) =>
        this.#report({ audioId: RECORDER_ID, event: "Stop", tempFilePath, duration, fileSize: file.size }),
      );
    });
    recorder.start();
    this.#report({ audioId: RECORDER_ID, event: "Start" });
    const limitMs = numberOf(args["duration"], 60_000);
    systemClock.after(limitMs, () => {
      if (recorder.state === "recording") recorder.stop();
    });
  }
}
