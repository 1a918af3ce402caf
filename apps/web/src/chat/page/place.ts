import { type ReadonlySignal, signal } from "@preact/signals";

import { type Address, parseAddress, toUrl } from "./address.ts";

/** The page's address, and the way to another one. */
export interface Place {
  /** Follows the address bar, its back button included. */
  readonly address: ReadonlySignal<Address>;
  /** Changes what is given without loading anything; `push` makes a step that the back button undoes. */
  goTo(change: Partial<Address>, how?: "push" | "replace"): void;
}

/** Follows the address bar for as long as the document lives. */
export function createPlace(): Place {
  const address = signal(parseAddress(location));
  addEventListener("popstate", () => {
    address.value = parseAddress(location);
  });
  return {
    address,
    goTo: (change, how = "push") => {
      const next = { ...address.peek(), ...change };
      if (toUrl(next) === toUrl(address.peek())) return;
      if (how === "push") history.pushState(null, "", toUrl(next));
      else history.replaceState(null, "", toUrl(next));
      address.value = next;
    },
  };
}
