import type { Friend, FriendRequest, User, UserEventContent } from "@hutong/chat-api";
import type { Call } from "./call";
import type { ConversationBook } from "./conversation-book";
import type { Changes } from "./changes";

/** What {@link Contacts} are made of. */
export interface ContactsOptions {
  readonly call: Call;
  readonly book: ConversationBook;
  readonly changes: Changes;
}

/** Friends, requests and blocks of the user: loaded after each synchronisation, carried on by the user's events. */
export class Contacts {
  readonly #options: ContactsOptions;
  #friends: ReadonlyMap<string, Friend> = new Map();
  #incoming: readonly FriendRequest[] = [];
  #outgoing: readonly FriendRequest[] = [];

  constructor(options: ContactsOptions) {
    this.#options = options;
  }

  /** By user id. */
  get friends(): ReadonlyMap<string, Friend> {
    return this.#friends;
  }

  /** Requests to the user, the latest first. */
  get incoming(): readonly FriendRequest[] {
    return this.#incoming;
  }

  /** Requests of the user, the latest first. */
  get outgoing(): readonly FriendRequest[] {
    return this.#outgoing;
  }

  /** Requests to the user that wait for an answer. */
  get pendingCount(): number {
    return this.#incoming.filter(({ state }) => state === "pending").length;
  }

  /** Loads everything anew. Rejects with a `CallError`. */
  async load(): Promise<void> {
    const { call, book, changes } = this.#options;
    const [{ friends }, incoming, outgoing, { presences }] = await Promise.all([
      call("list_friends", {}),
      call("list_friend_requests", { direction: "incoming" }),
      call("list_friend_requests", { direction: "outgoing" }),
      call("get_presences", {}),
    ]);
    this.#friends = new Map(friends.map((friend) => [friend.user.id, friend]));
    this.#incoming = incoming.requests;
    this.#outgoing = outgoing.requests;
    book.putUsers(friends.map(({ user }): User => user));
    book.putPresences(presences);
    changes.tell();
  }

  /** Takes a request as an answer of the server says it is now. */
  putRequest(request: FriendRequest, direction: "incoming" | "outgoing"): void {
    const put = (requests: readonly FriendRequest[]): readonly FriendRequest[] =>
      [request, ...requests.filter(({ id }) => id !== request.id)].sort(
        (one, other) => other.createdAt - one.createdAt,
      );
    if (direction === "incoming") this.#incoming = put(this.#incoming);
    else this.#outgoing = put(this.#outgoing);
    this.#options.changes.tell();
  }

  /** Applies an event of the user's log. */
  apply(event: UserEventContent): void {
    switch (event.kind) {
      case "friend_request":
        return this.putRequest(event.request, "incoming");
      case "friend_request_answered": {
        // The log tells both sides: the one who asked, and the other devices of the one who answered.
        const isIncoming = this.#incoming.some(({ id }) => id === event.request.id);
        return this.putRequest(event.request, isIncoming ? "incoming" : "outgoing");
      }
      case "friend_added":
      case "friend_updated":
        return this.#putFriends([...this.#friends, [event.friend.user.id, event.friend]]);
      case "friend_removed":
        return this.#putFriends([...this.#friends].filter(([id]) => id !== event.userId));
      case "block_changed":
      case "join_request":
      case "me_changed":
      case "messages_deleted":
        return;
      default:
        return event satisfies never;
    }
  }

  #putFriends(friends: Iterable<readonly [string, Friend]>): void {
    this.#friends = new Map(friends);
    this.#options.book.putUsers([...this.#friends.values()].map(({ user }) => user));
    this.#options.changes.tell();
  }
}
