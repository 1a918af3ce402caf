import { effect, type Signal, signal } from "@preact/signals";

import { keep, readKept } from "../../kept-text.ts";

const KEY = "hutong.sound";

/** Whether new messages make a sound: off until somebody wants it, kept on this device. */
export function createSoundSwitch(): Signal<boolean> {
  const isOn = signal(readKept("localStorage", KEY) === "on");
  effect(() => keep("localStorage", KEY, isOn.value ? "on" : "off"));
  return isOn;
}

let context: AudioContext | undefined;

/** Two soft tones. Browsers are silent until somebody has touched the page. */
export function playChime(): void {
  context ??= new AudioContext();
  const start = context.currentTime;
  for (const [index, frequency] of [660, 880].entries()) {
    const [tone, loudness] = [context.createOscillator(), context.createGain()];
    const at = start + index * 0.11;
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.12, at + 0.015);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  }
}
