import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";

import type { Chat } from "../chat.ts";
import type { SessionStore } from "./session-store.ts";

/**
 * The chat of whoever is signed in, `undefined` while nobody is. It is made and started when somebody signs in, and closed
 * when the session ends or becomes another's. What a disabled or replaced session kept may be wanted again and stays kept;
 * a sign-out leaves nothing behind. This lasts as long as the session store.
 */
export function followSession<TFile>(
  session: SessionStore,
  create: (userId: string) => Chat<TFile>,
): ReadonlySignal<Chat<TFile> | undefined> {
  const userId = computed(() => session.current.value?.me.id);
  const chat = signal<Chat<TFile> | undefined>(undefined);
  effect(() => {
    const id = userId.value;
    untracked(() => {
      // `close` and `start` never reject.
      void chat.peek()?.close(session.ended.peek() === undefined);
      chat.value = id === undefined ? undefined : create(id);
      void chat.peek()?.start();
    });
  });
  return chat;
}
