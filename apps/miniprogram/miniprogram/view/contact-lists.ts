import type { FriendRequest, User } from "@hutong/chat-api";
import type { Face } from "./face";
import { type Naming, personFace, personName } from "./names";

/** A person in a list. */
export interface PersonLine {
  readonly id: string;
  readonly name: string;
  /** `""` for nothing to say. */
  readonly hint: string;
  readonly face: Face;
  readonly isOnline: boolean;
}

/** A friend request in a list. */
export interface RequestLine extends PersonLine {
  readonly requestId: string;
  /** Whether the user can answer it. */
  readonly isOpen: boolean;
  readonly state: string;
}

/** Most requests that are shown. */
const MAX_REQUESTS = 20;

/** The friends, starred ones first, then by name. */
export function friendLines(naming: Naming): readonly PersonLine[] {
  const friends = [...naming.chat.contacts.friends.value.values()];
  const starred = new Set(friends.filter((one) => one.starred).map(({ user }) => user.id));
  return friends
    .map(({ user }) => personLine(naming, user.id, ""))
    .sort((one, other) => Number(starred.has(other.id)) - Number(starred.has(one.id)) || compare(one.name, other.name));
}

/** Requests to the user and of the user: those that wait first. */
export function requestLines(naming: Naming): readonly RequestLine[] {
  const { incoming, outgoing } = naming.chat.contacts;
  const lines = [
    ...incoming.value.map((request) => requestLine(naming, request, request.from)),
    ...outgoing.value
      .filter(({ state }) => state === "pending")
      .map((request) => requestLine(naming, request, request.to)),
  ];
  return lines.sort((one, other) => Number(other.isOpen) - Number(one.isOpen)).slice(0, MAX_REQUESTS);
}

/** People that a search has found. */
export function foundLines(naming: Naming, users: readonly User[]): readonly PersonLine[] {
  return users.map(({ id, username }) => personLine(naming, id, username === null ? "" : `@${username}`));
}

function requestLine(naming: Naming, { id, state, message, from }: FriendRequest, person: User): RequestLine {
  const isIncoming = from.id === person.id;
  return {
    ...personLine(naming, person.id, message),
    // Somebody who is no friend yet is known from the request alone.
    name: person.nickname,
    requestId: id,
    isOpen: isIncoming && state === "pending",
    state: naming.words.requestStates[state],
  };
}

function personLine(naming: Naming, id: string, hint: string): PersonLine {
  const isOnline = naming.chat.book.presences.value.get(id)?.online === true;
  return { id, name: personName(naming, id), hint, face: personFace(naming, id), isOnline };
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
