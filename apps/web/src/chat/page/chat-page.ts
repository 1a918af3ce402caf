import type { Message, StoredFile } from "@hutong/chat-api";
import {
  type AnonymousCall,
  type Chat,
  codeOf,
  type ConversationEntry,
  createAnonymousCall,
  createChat,
  createHttpCall,
  followSession,
  sendByFetch,
  SessionStore,
} from "@hutong/chat-client";
import { createSocket, indexedDbStorage } from "@hutong/client";
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";

import { type Clock, systemClock } from "../../clock.ts";
import { createIsOnline } from "../../state/browser.ts";
import { createFormatters, type Formatters } from "../../state/formatters.ts";
import { createPreferences, type Preferences } from "../../state/preferences.ts";
import { browserStorage, browserTabs } from "../browser/browser-storage.ts";
import { createSoundSwitch, playChime } from "../browser/chime.ts";
import { createId } from "../browser/create-id.ts";
import { browserDevice } from "../browser/device.ts";
import type { PendingFile } from "../browser/pending-file.ts";
import { browserPendingFiles } from "../browser/pending-files.ts";
import { uploadFile } from "../browser/upload.ts";
import { WORDS, type Words } from "../words/words.ts";
import { farStretches } from "./far-stretches.ts";
import { GroupFaces } from "./group-faces.ts";
import { Notices } from "./notices.ts";
import { createPlace, type Place } from "./place.ts";

/** What the views read, and what they may do. */
export interface ChatPage {
  readonly clock: Clock;
  readonly preferences: Preferences;
  readonly words: ReadonlySignal<Words>;
  readonly formatters: ReadonlySignal<Formatters>;
  readonly place: Place;
  readonly notices: Notices;
  readonly session: SessionStore;
  /** Calls an action that needs no session. */
  readonly anonymous: AnonymousCall;
  /** The chat of whoever is signed in. */
  readonly chat: ReadonlySignal<Chat<PendingFile> | undefined>;
  /** The members who stand for groups without a picture. */
  readonly groupFaces: GroupFaces;
  readonly isOnline: ReadonlySignal<boolean>;
  /** The latest message of somebody else, for screen readers and sounds. */
  readonly arrival: ReadonlySignal<Arrival | undefined>;
  /** Whether new messages make a sound; kept on this device. */
  readonly sound: Signal<boolean>;
  /** Makes the sound. */
  chime(): void;
  device(): ReturnType<typeof browserDevice>;
  /** Does something and says what went wrong; resolves with whether it worked. */
  attempt(act: () => Promise<unknown>): Promise<boolean>;
  /** Uploads a picture for a profile or a group. Rejects with a `CallError`. */
  uploadPicture(blob: Blob, name: string): Promise<StoredFile>;
  /** Ends the session here and at the server. */
  signOut(): Promise<void>;
}

/** A message that has just come. */
export interface Arrival {
  readonly entry: ConversationEntry;
  readonly message: Message;
}

/** The text for an error code. */
export function errorText(words: Words, code: string): string {
  const texts = new Map<string, string>(Object.entries(words.errors));
  return texts.get(code) ?? words.errors.internal;
}

/** Makes the page of whoever is signed in; it lives as long as the document. */
export async function createChatPage(): Promise<ChatPage> {
  const preferences = createPreferences();
  const words = computed(() => WORDS[preferences.language.value]);
  const http = createHttpCall(sendByFetch((url, request) => fetch(url, { ...request, credentials: "same-origin" })));
  const anonymous = createAnonymousCall(http);
  const session = new SessionStore({ storage: browserStorage, tabs: browserTabs, call: anonymous });
  await session.restore();
  const notices = new Notices(systemClock);
  const arrival = signal<Arrival | undefined>(undefined);
  const place = createPlace();
  const attempt = async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
      return true;
    } catch (error) {
      notices.say(errorText(words.peek(), codeOf(error)));
      return false;
    }
  };
  const chat = followSession(session, (userId) => {
    const tokens = session.tokensOf(userId);
    const made = createChat({
      ...{ session, http, createId },
      createSocket: ({ token }) => createSocket("/socket", { token }),
      storage: indexedDbStorage(`hutong.texts.${userId}`),
      files: browserPendingFiles(userId, () => tokens.token()),
      arrived: (entry, message) => {
        arrival.value = { entry, message };
        // Where nobody reads, the list of messages does not look after this.
        if (place.address.peek().conversation === entry.id) return;
        for (const stretch of farStretches(entry.log.messages, message.seq)) made.book.forgetMessages(entry, stretch);
      },
    });
    return made;
  });
  document.addEventListener("visibilitychange", () => {
    // The page may never be seen again; `keep` never rejects.
    if (document.visibilityState === "hidden") void chat.peek()?.keep();
  });
  return {
    clock: systemClock,
    preferences,
    words,
    formatters: computed(() => createFormatters(preferences.language.value)),
    place,
    notices,
    session,
    anonymous,
    chat,
    groupFaces: new GroupFaces(),
    isOnline: createIsOnline(),
    arrival,
    sound: createSoundSwitch(),
    chime: playChime,
    device: browserDevice,
    attempt,
    uploadPicture: async (blob, name) => uploadFile(blob, name, { purpose: "profile", token: await session.token() }),
    signOut: async () => {
      // Offline the session ends here only; its refresh token is forgotten with it.
      await chat
        .peek()
        ?.call("sign_out", {})
        .catch(() => undefined);
      session.end();
      place.goTo({ tab: "chats", conversation: undefined, panel: undefined, page: undefined }, "replace");
    },
  };
}
