/** The parts of the chat. */
export const TABS = ["chats", "contacts", "settings"] as const;

/** A part of the chat. */
export type Tab = (typeof TABS)[number];

/** What the page's address says. */
export interface Address {
  readonly tab: Tab;
  /** The conversation that is open. */
  readonly conversation: string | undefined;
  /** The message to go to in it. */
  readonly at: number | undefined;
  /** What is open beside the conversation. */
  readonly panel: "details" | "search" | undefined;
  /** The person, or the page of the settings or of the contacts, that is open. */
  readonly page: string | undefined;
  /** The invitation that somebody follows. */
  readonly invite: string | undefined;
  /** The person whose card somebody follows. */
  readonly card: string | undefined;
}

/** The chat with nothing open. */
export const HOME: Address = {
  tab: "chats",
  conversation: undefined,
  at: undefined,
  panel: undefined,
  page: undefined,
  invite: undefined,
  card: undefined,
};

/** Reads an address; whatever it does not understand becomes the default. */
export function parseAddress({ pathname, search }: { readonly pathname: string; readonly search: string }): Address {
  const query = new URLSearchParams(search);
  const tab = query.get("tab");
  const panel = query.get("panel");
  const at = Number(query.get("at") ?? "");
  return {
    tab: TABS.find((name) => name === tab) ?? "chats",
    conversation: query.get("c") ?? undefined,
    at: Number.isSafeInteger(at) && at > 0 ? at : undefined,
    panel: panel === "details" || panel === "search" ? panel : undefined,
    page: query.get("page") ?? undefined,
    invite: /^\/join\/([\w-]{1,64})$/u.exec(pathname)?.[1],
    card: /^\/u\/([\w-]{1,64})$/u.exec(pathname)?.[1],
  };
}

/** The path and query of an address, without the defaults. */
export function toUrl(address: Address): string {
  if (address.invite !== undefined) return `/join/${address.invite}`;
  if (address.card !== undefined) return `/u/${address.card}`;
  const query = new URLSearchParams();
  if (address.tab !== "chats") query.set("tab", address.tab);
  if (address.conversation !== undefined) query.set("c", address.conversation);
  if (address.at !== undefined) query.set("at", String(address.at));
  if (address.panel !== undefined) query.set("panel", address.panel);
  if (address.page !== undefined) query.set("page", address.page);
  const search = query.toString();
  return search === "" ? "/" : `/?${search}`;
}

/** The id of the person that a pasted card link or its last part names; `undefined` for other texts. */
export function readCardLink(text: string): string | undefined {
  return /\/u\/([\w-]{1,64})\/?$/u.exec(text.trim())?.[1];
}

/** The token of a pasted invitation link; `undefined` for other texts. */
export function readInviteLink(text: string): string | undefined {
  return /\/join\/([\w-]{1,64})\/?$/u.exec(text.trim())?.[1];
}
