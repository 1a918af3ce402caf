import { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";

import type { ClientName, RoomState } from "../clients/room-client.ts";
import { loadClient } from "../clients/load-client.ts";
import { type Clock, systemClock } from "../clock.ts";
import { WORDS, type Words } from "../i18n.ts";
import { type Address, LOBBY } from "./address.ts";
import { createIsOnline, createPlace, type Place, takeToken, withNetwork } from "./browser.ts";
import { toNickname } from "./draft.ts";
import { createFormatters, type Formatters } from "./formatters.ts";
import { createPreferences, keepToken, type Preferences } from "./preferences.ts";
import { createRoom, type Room } from "./room.ts";

/** What the views read, and the actions that they may call. */
export interface Page extends PageActions {
  /** For "today" and "yesterday". */
  readonly clock: Clock;
  readonly room: Room;
  readonly preferences: Preferences;
  /** Follows the address bar. */
  readonly address: ReadonlySignal<Address>;
  /** In the chosen language, as {@link Page.formatters}. */
  readonly words: ReadonlySignal<Words>;
  /** For the device's time zone. */
  readonly formatters: ReadonlySignal<Formatters>;
  /** The name that the person goes by; `undefined` until it is given. */
  readonly nickname: ReadonlySignal<string | undefined>;
  /** The room's state, with `offline` in place of a wait while the device has no network. */
  readonly state: ReadonlySignal<RoomState>;
  /** Whether this tab holds a token. Its text stays out of reach of the views. */
  readonly hasToken: ReadonlySignal<boolean>;
  /** The current room's name for people. */
  readonly roomTitle: ReadonlySignal<string>;
}

/** What a person can do beside writing. */
export interface PageActions {
  /** Goes in with a name. An empty name changes nothing. */
  enter(nickname: string): void;
  /** Goes out, to choose another name. */
  exit(): void;
  /** Carries the page with another client; the address says so too. */
  useClient(client: ClientName): void;
  /** Goes to another room; a token replaces the one of this tab. The current room is tried again. */
  goToRoom(room: string, token?: string): void;
  /** Visits the current room again without the token of this tab. */
  forgetToken(): void;
}

/**
 * Reads the address and the preferences and follows both: while a name is known,
 * the room is open. Lives as long as the document.
 */
export function createPage(): Page {
  const preferences = createPreferences();
  const room = createRoom({ clock: systemClock, load: loadClient });
  const parts: PageParts = {
    preferences,
    room,
    place: createPlace(),
    token: signal(takeToken()),
    isInside: signal(true),
  };
  const { address } = parts.place;
  const isOnline = createIsOnline();
  const words = computed(() => WORDS[preferences.language.value]);
  const nickname = computed(() => {
    const name = address.value.name ?? preferences.nickname.value;
    return parts.isInside.value && name !== "" ? name : undefined;
  });
  followVisit(parts, nickname);
  return {
    clock: systemClock,
    room,
    preferences,
    address,
    words,
    formatters: computed(() => createFormatters(preferences.language.value)),
    nickname,
    state: computed(() => withNetwork(room.state.value, isOnline.value)),
    hasToken: computed(() => parts.token.value !== undefined),
    roomTitle: computed(() => (address.value.room === LOBBY ? words.value.lobby : address.value.room)),
    ...createActions(parts),
  };
}

/** What the actions work on. */
interface PageParts {
  readonly preferences: Preferences;
  readonly room: Room;
  readonly place: Place;
  readonly token: Signal<string | undefined>;
  /** False while the person chooses another name. */
  readonly isInside: Signal<boolean>;
}

function createActions({ preferences, room, place, token, isInside }: PageParts): PageActions {
  const { address, goTo } = place;
  const setToken = (next: string | undefined): void => {
    keepToken(next);
    token.value = next;
  };
  return {
    enter: (input) => {
      const name = toNickname(input);
      if (name === "") return;
      batch(() => {
        preferences.nickname.value = name;
        isInside.value = true;
        if (address.value.name !== undefined) goTo({ ...address.value, name: undefined }, "replace");
      });
    },
    exit: () => {
      isInside.value = false;
    },
    useClient: (client) => goTo({ ...address.value, client }, "replace"),
    goToRoom: (name, newToken = token.value) => {
      const isHere = name === address.value.room;
      if (isHere && newToken === token.value) return room.retryNow();
      batch(() => {
        setToken(newToken);
        goTo({ ...address.value, room: name }, isHere ? "replace" : "push");
      });
    },
    forgetToken: () => setToken(undefined),
  };
}

/** Opens and leaves the room as its four conditions change, once per change. */
function followVisit({ room, place, token }: PageParts, nickname: ReadonlySignal<string | undefined>): void {
  const { address } = place;
  const name = computed(() => address.value.room);
  const client = computed(() => address.value.client);
  const isTrio = address.value.view === "trio";
  effect(() => {
    const visit = { room: name.value, client: client.value, token: token.value };
    const known = nickname.value;
    untracked(() => (isTrio || known === undefined ? room.leave() : room.open({ ...visit, nickname: known })));
  });
}
