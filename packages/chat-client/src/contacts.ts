import type { Friend, FriendRequest, JoinRequest, User, UserEventContent } from "@hutong/chat-api";
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";

import type { Call } from "./calls/call.ts";
import type { ConversationBook } from "./conversations/conversation-book.ts";

/** Friends, requests and blocks of the user. Loaded after each synchronisation, carried on by the user's events. */
export class Contacts {
  readonly #call: Call;
  readonly #book: ConversationBook;
  readonly #friends = signal<ReadonlyMap<string, Friend>>(new Map());
  readonly #incoming = signal<readonly FriendRequest[]>([]);
  readonly #outgoing = signal<readonly FriendRequest[]>([]);
  readonly #blocked = signal<readonly User[]>([]);
  /** Requests to get into a group, as far as they came by themselves. */
  readonly joinRequests = signal<readonly JoinRequest[]>([]);
  /** Requests to the user that wait for an answer. */
  readonly pendingCount: ReadonlySignal<number> = computed(
    () => this.#incoming.value.filter(({ state }) => state === "pending").length,
  );

  /** Everything is empty before `load`. */
  constructor(call: Call, book: ConversationBook) {
    this.#call = call;
    this.#book = book;
  }

  /** By user id. */
  get friends(): ReadonlySignal<ReadonlyMap<string, Friend>> {
    return this.#friends;
  }

  /** The latest first. */
  get incoming(): ReadonlySignal<readonly FriendRequest[]> {
    return this.#incoming;
  }

  /** The latest first. */
  get outgoing(): ReadonlySignal<readonly FriendRequest[]> {
    return this.#outgoing;
  }

  /** Who may not write to the user. */
  get blocked(): ReadonlySignal<readonly User[]> {
    return this.#blocked;
  }

  /** Loads everything anew. Rejects with a `CallError`. */
  async load(): Promise<void> {
    const [{ friends }, incoming, outgoing, { users }, { presences }] = await Promise.all([
      this.#call("list_friends", {}),
      this.#call("list_friend_requests", { direction: "incoming" }),
      this.#call("list_friend_requests", { direction: "outgoing" }),
      this.#call("list_blocks", {}),
      this.#call("get_presences", {}),
    ]);
    batch(() => {
      this.#friends.value = new Map(friends.map((friend) => [friend.user.id, friend]));
      this.#incoming.value = incoming.requests;
      this.#outgoing.value = outgoing.requests;
      this.#blocked.value = users;
      this.#book.putUsers(friends.map(({ user }) => user));
      this.#book.putPresences(presences);
    });
  }

  /** Applies an event of the user's log. */
  apply(event: UserEventContent): void {
    batch(() => this.#apply(event));
  }

  /** Takes a request as an answer of the server says it is now. */
  putRequest(request: FriendRequest, direction: "incoming" | "outgoing"): void {
    const requests = direction === "incoming" ? this.#incoming : this.#outgoing;
    requests.value = [request, ...requests.peek().filter(({ id }) => id !== request.id)].sort(
      (left, right) => right.createdAt - left.createdAt,
    );
  }

  /** Takes a friend as an answer of the server says it is now. */
  putFriend(friend: Friend): void {
    this.#book.putUsers([friend.user]);
    this.#friends.value = new Map(this.#friends.peek()).set(friend.user.id, friend);
  }

  /** Takes whether somebody is blocked, as an answer of the server says it is now. */
  putBlocked(user: User, isBlocked: boolean): void {
    const others = this.#blocked.peek().filter(({ id }) => id !== user.id);
    this.#blocked.value = isBlocked ? [user, ...others] : others;
  }

  #apply(event: UserEventContent): void {
    switch (event.kind) {
      case "friend_request":
        return this.putRequest(event.request, "incoming");
      case "friend_request_answered":
        // The log tells both sides: the one who asked, and the other devices of the one who answered.
        return this.putRequest(
          event.request,
          this.#incoming.peek().some(({ id }) => id === event.request.id) ? "incoming" : "outgoing",
        );
      case "friend_added":
      case "friend_updated":
        return this.putFriend(event.friend);
      case "friend_removed": {
        const friends = new Map(this.#friends.peek());
        friends.delete(event.userId);
        this.#friends.value = friends;
        return;
      }
      case "block_changed":
        return this.putBlocked(event.user, event.blocked);
      case "join_request":
        this.joinRequests.value = [
          ...(event.request.state === "pending" ? [event.request] : []),
          ...this.joinRequests.peek().filter(({ id }) => id !== event.request.id),
        ];
        return;
      case "me_changed":
      case "messages_deleted":
        return;
      default:
        return event satisfies never;
    }
  }
}
