import type { Me, Message, StoredFile } from "@hutong/chat-api";
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";

import { type Clock, systemClock } from "../../clock.ts";
import { createIsOnline } from "../../state/browser.ts";
import { createFormatters, type Formatters } from "../../state/formatters.ts";
import { createPreferences, type Preferences } from "../../state/preferences.ts";
import { createId } from "../browser/create-id.ts";
import { createSoundSwitch, playChime } from "../browser/chime.ts";
import { browserDevice, browserDraftHome, browserSessionHome, forgetDrafts } from "../browser/homes.ts";
import { indexedDbStore } from "../browser/indexed-db-store.ts";
import { toContent, uploadFile } from "../browser/upload.ts";
import { codeOf } from "../model/call-error.ts";
import { type Chat, createChat } from "../model/chat.ts";
import { createAnonymousCall } from "../model/chat-api.ts";
import type { ConversationEntry } from "../model/conversation-book.ts";
import { createHttpCall } from "../model/http-call.ts";
import { type AnonymousCall, SessionStore } from "../model/session-store.ts";
import { WORDS, type Words } from "../words/words.ts";
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
  readonly chat: ReadonlySignal<Chat | undefined>;
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

/** Makes the page; it lives as long as the document. */
export function createChatPage(): ChatPage {
  const preferences = createPreferences();
  const words = computed(() => WORDS[preferences.language.value]);
  const http = createHttpCall((url, request) => fetch(url, { ...request, credentials: "same-origin" }));
  const anonymous = createAnonymousCall(http);
  const session = new SessionStore({ home: browserSessionHome, call: anonymous, clock: systemClock });
  const notices = new Notices(systemClock);
  const arrival = signal<Arrival | undefined>(undefined);
  const chat = signal<Chat | undefined>(undefined);
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
  followSession(session, chat, (me) =>
    createChat(
      {
        session,
        http,
        clock: systemClock,
        createId,
        store: indexedDbStore(me.id),
        drafts: browserDraftHome(me.id),
        upload: async (file, progress, token) =>
          toContent(file, await uploadFile(file.blob, file.name, { purpose: "message", token, progress })),
        arrived: (entry, message) => {
          arrival.value = { entry, message };
        },
      },
      signal(me),
    ),
  );
  document.addEventListener("visibilitychange", () => {
    // The page may never be seen again; `write` never rejects.
    if (document.visibilityState === "hidden") void chat.peek()?.keeper.write();
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

/** Opens a chat when somebody signs in and closes it when the session ends or becomes another's. */
function followSession(
  session: SessionStore,
  chat: { value: Chat | undefined; peek(): Chat | undefined },
  create: (me: Me) => Chat,
): void {
  const userId = computed(() => session.current.value?.me.id);
  effect(() => {
    const id = userId.value;
    untracked(() => {
      const before = chat.peek();
      if (before !== undefined) {
        // A disabled or replaced session may come back; one that was signed out leaves nothing behind.
        void before.close(session.ended.peek() === undefined);
        if (session.ended.peek() === undefined) forgetDrafts(before.userId);
      }
      const me = session.current.peek()?.me;
      chat.value = id === undefined || me === undefined ? undefined : create(me);
      // `start` never rejects; the views follow its signals.
      void chat.value?.start();
    });
  });
}
