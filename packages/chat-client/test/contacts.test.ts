import type { Friend, FriendRequest } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";

import { Contacts } from "../src/contacts.ts";
import { ConversationBook } from "../src/conversations/conversation-book.ts";
import { ADA, BO, ScriptedServer, START, userOf } from "./support/scripted-server.ts";

const friend: Friend = {
  user: userOf(BO),
  remark: "",
  starred: false,
  hideMine: false,
  hideTheirs: false,
  createdAt: START,
};

function requestOf(change: Partial<FriendRequest> = {}): FriendRequest {
  return {
    id: "r1",
    from: userOf(BO),
    to: userOf(ADA),
    message: "",
    state: "pending",
    createdAt: START,
    handledAt: 0,
    ...change,
  };
}

describe("Contacts", () => {
  test("a request counts until it is answered, here or on another device", () => {
    const contacts = new Contacts(new ScriptedServer().call, new ConversationBook());

    contacts.apply({ kind: "friend_request", request: requestOf() });
    expect(contacts.pendingCount.value).toBe(1);
    contacts.apply({ kind: "friend_request_answered", request: requestOf({ state: "accepted" }) });

    expect(contacts.pendingCount.value).toBe(0);
    expect(contacts.incoming.value.map(({ state }) => state)).toEqual(["accepted"]);
  });

  test("the answer to an own request goes to the own ones", () => {
    const contacts = new Contacts(new ScriptedServer().call, new ConversationBook());

    contacts.apply({
      kind: "friend_request_answered",
      request: requestOf({ from: userOf(ADA), to: userOf(BO), state: "refused" }),
    });

    expect(contacts.outgoing.value.map(({ state }) => state)).toEqual(["refused"]);
    expect(contacts.incoming.value).toEqual([]);
  });

  test("friends come, change and go", () => {
    const book = new ConversationBook();
    const contacts = new Contacts(new ScriptedServer().call, book);

    contacts.apply({ kind: "friend_added", friend });
    contacts.apply({ kind: "friend_updated", friend: { ...friend, remark: "Bobo" } });
    expect(contacts.friends.value.get(BO)?.remark).toBe("Bobo");
    expect(book.users.value.get(BO)?.nickname).toBe("BO");
    contacts.apply({ kind: "friend_removed", userId: BO });

    expect(contacts.friends.value.size).toBe(0);
  });

  test("a block is held once", () => {
    const contacts = new Contacts(new ScriptedServer().call, new ConversationBook());

    contacts.apply({ kind: "block_changed", user: userOf(BO), blocked: true });
    contacts.apply({ kind: "block_changed", user: userOf(BO), blocked: true });
    expect(contacts.blocked.value.map(({ id }) => id)).toEqual([BO]);
    contacts.apply({ kind: "block_changed", user: userOf(BO), blocked: false });

    expect(contacts.blocked.value).toEqual([]);
  });

  test("everything is loaded anew together", async () => {
    const server = new ScriptedServer();
    server.answer({
      list_friends: () => ({ friends: [friend] }),
      list_friend_requests: ({ direction }) => ({
        requests: direction === "incoming" ? [requestOf()] : [],
        pending: 1,
        more: false,
      }),
      list_blocks: () => ({ users: [] }),
      get_presences: () => ({ presences: [{ userId: BO, online: true, lastSeenAt: null }] }),
    });
    const book = new ConversationBook();
    const contacts = new Contacts(server.call, book);

    await contacts.load();

    expect([...contacts.friends.value.keys()]).toEqual([BO]);
    expect(contacts.pendingCount.value).toBe(1);
    expect(book.presences.value.get(BO)?.online).toBe(true);
  });
});
