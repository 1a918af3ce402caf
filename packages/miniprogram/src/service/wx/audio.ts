import { isRecord, numberOf, textOf } from "../../is-record.ts";
import type { Invoke } from "./network.ts";

type Listener = (value: unknown) => void;

const SOUND_EVENTS = [
  "Canplay",
  "Play",
  "Pause",
  "Stop",
  "Ended",
  "TimeUpdate",
  "Error",
  "Waiting",
  "Seeking",
  "Seeked",
];
const RECORDER_EVENTS = [
  "Start",
  "Pause",
  "Resume",
  "Stop",
  "Error",
  "FrameRecorded",
  "InterruptionBegin",
  "InterruptionEnd",
];
const RECORDER_ID = 0;

/** Sound: `createInnerAudioContext` and the recorder. The phone plays and records; this side keeps the state. */
export function createMediaApi(invoke: Invoke) {
  const objects = new Map<number, SoundObject>();
  let lastId = RECORDER_ID;
  const recorder = new SoundObject(RECORDER_EVENTS);
  objects.set(RECORDER_ID, recorder);
  const record = (action: string) => (args: unknown) =>
    void invoke("operateRecorder", { action, ...(isRecord(args) && args) }).then(({ errMsg }) => {
      if (!errMsg.endsWith(":ok")) recorder.changed("Error", { errMsg });
    });
  const manager = {
    ...recorder.listeners,
    start: record("start"),
    stop: record("stop"),
    pause: record("pause"),
    resume: record("resume"),
  };
  const createInnerAudioContext = (): object => {
    const id = ++lastId;
    const sound = new SoundObject(SOUND_EVENTS);
    objects.set(id, sound);
    return innerAudio(sound, (action, value) => {
      if (action === "destroy") objects.delete(id);
      void invoke("operateAudio", { audioId: id, action, ...(value !== undefined && { value }) });
    });
  };
  let background: object | undefined;
  return {
    api: {
      createInnerAudioContext,
      getBackgroundAudioManager: () => (background ??= startingWithAddress(createInnerAudioContext())),
      getRecorderManager: () => manager,
      setInnerAudioOption: () => {},
    },
    /** Takes a report of the phone. */
    changed: (data: unknown): void => {
      if (isRecord(data)) objects.get(numberOf(data["audioId"]))?.changed(textOf(data["event"]), data);
    },
  };
}

class SoundObject {
  readonly listeners: Readonly<Record<string, (listener: unknown) => void>>;
  /** What the phone said last. */
  state: Readonly<Record<string, unknown>> = {};
  readonly #listeners = new Map<string, Set<unknown>>();

  constructor(events: readonly string[]) {
    this.listeners = Object.fromEntries(
      events.flatMap((event) => [
        [`on${event}`, (listener: unknown) => void this.#set(event).add(listener)],
        [
          `off${event}`,
          (listener: unknown) =>
            void (listener === undefined ? this.#set(event).clear() : this.#set(event).delete(listener)),
        ],
      ]),
    );
  }

  changed(event: string, data: Readonly<Record<string, unknown>>): void {
    this.state = { ...this.state, ...data };
    const { audioId: _audioId, event: _event, ...value } = data;
    const call = (listener: unknown): void => {
      const run: Listener = (result) =>
        typeof listener === "function" ? Reflect.apply(listener, undefined, [result]) : undefined;
      run(value);
    };
    for (const listener of this.#set(event)) call(listener);
  }

  #set(event: string): Set<unknown> {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    return set;
  }
}

/** Sound that goes on behind other pages starts when it gets an address. */
function startingWithAddress(sound: object): object {
  const play: unknown = Reflect.get(sound, "play");
  return new Proxy(sound, {
    set: (target, key, value: unknown) => {
      const isSet = Reflect.set(target, key, value);
      if (key === "src" && typeof play === "function") Reflect.apply(play, target, []);
      return isSet;
    },
  });
}

/** Fields that are set are sent; fields that are read come from the last report. */
function innerAudio(sound: SoundObject, operate: (action: string, value?: unknown) => void): object {
  const own: Record<string, unknown> = {
    src: "",
    startTime: 0,
    autoplay: false,
    loop: false,
    volume: 1,
    playbackRate: 1,
    obeyMuteSwitch: true,
    ...sound.listeners,
    play: () => operate("play"),
    pause: () => operate("pause"),
    stop: () => operate("stop"),
    seek: (position: unknown) => operate("seek", position),
    destroy: () => operate("destroy"),
  };
  return new Proxy(own, {
    get: (target, key) => {
      if (key === "paused") return sound.state["paused"] ?? true;
      if (key === "duration" || key === "currentTime" || key === "buffered") return sound.state[key] ?? 0;
      return Reflect.get(target, key);
    },
    set: (target, key, value: unknown) => {
      if (typeof key === "string") operate("set", { [key]: value });
      return Reflect.set(target, key, value);
    },
  });
}
