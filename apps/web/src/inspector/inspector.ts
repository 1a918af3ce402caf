import type { InspectorSnapshot } from "@hutong/chat-api";
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";

import type { Clock } from "../clock.ts";
import type { Preferences } from "../state/preferences.ts";
import { keepAdminToken, readAdminToken } from "./admin-token.ts";
import { fetchSnapshot } from "./api.ts";
import { type ConnectionFilter, EVERYTHING, type Sort } from "./connection-filter.ts";
import { createFigures, type Figures } from "./figures.ts";
import { Rates } from "./rates.ts";
import { createRecording, type Recording } from "./recording.ts";
import { INSPECTOR_WORDS, type InspectorWords } from "./words.ts";

/** Whether the server shows itself: `token` asks for one, `wrong_token` for another one, `lost` keeps trying. */
export type Access = "open" | "token" | "wrong_token" | "not_local" | "lost";

/** What the views of the inspector read, and what a person can do. */
export interface Inspector {
  readonly preferences: Preferences;
  readonly words: ReadonlySignal<InspectorWords>;
  readonly figures: ReadonlySignal<Figures>;
  /** `undefined` before the first answer. */
  readonly access: ReadonlySignal<Access | undefined>;
  /** The latest; `undefined` before the first. */
  readonly snapshot: ReadonlySignal<InspectorSnapshot | undefined>;
  /** In step with `snapshot`. */
  readonly rates: Rates;
  readonly filter: Signal<ConnectionFilter>;
  readonly sort: Signal<Sort>;
  /** While it is true, the page shows the snapshot that it has. */
  readonly isPaused: Signal<boolean>;
  /** The connection whose frames are shown; `undefined` shows all connections. Follows the address. */
  readonly recording: ReadonlySignal<Recording | undefined>;
  /** Tries a token, and keeps it in this tab. */
  giveToken(token: string): void;
  /** Begins the shown recording anew. */
  recordAgain(): void;
}

const POLL_MS = 1_000;

/** Asks the server once a second while the page is seen. Lives as long as the document. */
export function createInspector(clock: Clock, preferences: Preferences): Inspector {
  const rates = new Rates();
  const access = signal<Access | undefined>(undefined);
  const snapshot = signal<InspectorSnapshot | undefined>(undefined);
  const token = signal(readAdminToken());
  const filter = signal(EVERYTHING);
  const isPaused = signal(false);
  const poll = async (): Promise<void> => {
    const outcome = await fetchSnapshot(token.value, searchFor(snapshot.value, filter.value));
    if (outcome.kind === "token") {
      access.value = token.value === undefined ? "token" : "wrong_token";
    } else if (outcome.kind === "snapshot") {
      access.value = "open";
      if (isPaused.value) return;
      rates.add(outcome.snapshot);
      snapshot.value = outcome.snapshot;
    } else {
      access.value = outcome.kind;
    }
  };
  pollForever(clock, poll);
  const { recording, recordAgain } = createRecordings(clock, token);
  return {
    preferences,
    words: computed(() => INSPECTOR_WORDS[preferences.language.value]),
    figures: computed(() => createFigures(preferences.language.value)),
    access,
    snapshot,
    rates,
    filter,
    sort: signal<Sort>({ key: "age", isDescending: true }),
    isPaused,
    recording,
    giveToken: (given) => {
      keepAdminToken(given);
      token.value = given;
      void poll();
    },
    recordAgain,
  };
}

/** One question at a time; a page that nobody sees asks nothing. */
function pollForever(clock: Clock, poll: () => Promise<void>): void {
  const next = async (): Promise<void> => {
    if (document.visibilityState === "visible") await poll();
    clock.after(POLL_MS, () => void next());
  };
  void next();
}

/** The server searches only where it cannot send all: then rows that are filtered out keep their rates. */
function searchFor(snapshot: InspectorSnapshot | undefined, { text }: ConnectionFilter): string {
  const isWhole = snapshot === undefined || snapshot.totals.connections <= snapshot.connections.length;
  return isWhole ? "" : text.trim();
}

function createRecordings(
  clock: Clock,
  token: ReadonlySignal<string | undefined>,
): { readonly recording: ReadonlySignal<Recording | undefined>; readonly recordAgain: () => void } {
  const selected = signal(connectionOf(location.hash));
  const attempt = signal(0);
  const recording = signal<Recording | undefined>(undefined);
  addEventListener("hashchange", () => {
    selected.value = connectionOf(location.hash);
  });
  effect(() => {
    const connectionId = selected.value;
    void attempt.value; // each attempt runs the effect again
    const made = connectionId === undefined ? undefined : createRecording(clock, connectionId, token.value);
    recording.value = made;
    return () => made?.stop();
  });
  addEventListener("pagehide", () => recording.peek()?.stop());
  return { recording, recordAgain: () => attempt.value++ };
}

function connectionOf(hash: string): string | undefined {
  return /^#connection\/([\w-]+)$/.exec(hash)?.[1];
}
