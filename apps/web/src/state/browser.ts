import { type ReadonlySignal, signal } from "@preact/signals";

import type { RoomState } from "../clients/room-client.ts";
import { type Address, parseAddress, parseTokenFragment, toSearch } from "./address.ts";
import { keepToken, readToken } from "./preferences.ts";

/** The page's address, and the way to another one. */
export interface Place {
  /** Follows the address bar, its back button included. */
  readonly address: ReadonlySignal<Address>;
  /** Changes the address without loading anything; `push` makes a step that the back button undoes. */
  readonly goTo: (next: Address, how: "push" | "replace") => void;
}

/** Follows the address bar for as long as the document lives. */
export function createPlace(): Place {
  const address = signal(parseAddress(location.search));
  addEventListener("popstate", () => {
    address.value = parseAddress(location.search);
  });
  return {
    address,
    goTo: (next, how) => {
      const url = `${location.pathname}${toSearch(next)}`;
      if (how === "push") history.pushState(null, "", url);
      else history.replaceState(null, "", url);
      address.value = next;
    },
  };
}

/** The token of the fragment goes into this tab's storage and out of the address bar. */
export function takeToken(): string | undefined {
  const given = parseTokenFragment(location.hash);
  if (given === undefined) return readToken();
  keepToken(given);
  history.replaceState(null, "", `${location.pathname}${location.search}`);
  return given;
}

/** Follows whether the device has a network, as far as the browser knows. */
export function createIsOnline(): ReadonlySignal<boolean> {
  const isOnline = signal(navigator.onLine);
  const follow = (): void => {
    isOnline.value = navigator.onLine;
  };
  addEventListener("online", follow);
  addEventListener("offline", follow);
  return isOnline;
}

/** Without a network, waiting for the server is being offline. */
export function withNetwork(state: RoomState, isOnline: boolean): RoomState {
  const isWaiting = state.kind === "connecting" || state.kind === "reconnecting";
  return isWaiting && !isOnline ? { kind: "offline" } : state;
}
