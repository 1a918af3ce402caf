import { type ClientName, isClientName } from "../clients/room-client.ts";
import { toNickname, toRoomName } from "./draft.ts";

/** The room that needs no token. */
export const LOBBY = "lobby";

/** What the page's address says. */
export interface Address {
  /** The whole page, the page inside another one, or the three clients side by side. */
  readonly view: "page" | "embedded" | "trio";
  readonly client: ClientName;
  readonly room: string;
  /** A name to enter with at once; `undefined` when the page asks for one. */
  readonly name: string | undefined;
}

/** Reads the query of the address; whatever it does not understand becomes the default. */
export function parseAddress(search: string): Address {
  const query = new URLSearchParams(search);
  const view = query.get("view");
  const client = query.get("client");
  const name = toNickname(query.get("name") ?? "");
  return {
    view: view === "embedded" || view === "trio" ? view : "page",
    client: isClientName(client) ? client : "hutong",
    room: toRoomName(query.get("room") ?? "") ?? LOBBY,
    name: name === "" ? undefined : name,
  };
}

/** The query for an address, without the defaults: `""` for the lobby with our own client. */
export function toSearch(address: Address): string {
  const query = new URLSearchParams();
  if (address.view !== "page") query.set("view", address.view);
  if (address.client !== "hutong") query.set("client", address.client);
  if (address.room !== LOBBY) query.set("room", address.room);
  if (address.name !== undefined) query.set("name", address.name);
  const search = query.toString();
  return search === "" ? "" : `?${search}`;
}

/**
 * The token of a fragment `#token=…`. Tokens travel in the fragment, which a
 * browser sends to no server and into no log.
 */
export function parseTokenFragment(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/u, "")).get("token");
  return token === null || token === "" ? undefined : token;
}
