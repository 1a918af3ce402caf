import { describe, expect, test } from "vitest";
import { decideSend, type RecipientFacts, type SendFacts } from "../../src/policy/decide-send.ts";

const AT = 1_700_000_000_000;
const GROUP = { type: "group", state: "active", mute_all: 0, slow_mode_ms: 0 } as const;
const ROOM = { ...GROUP, type: "room" } as const;
const DIRECT = { ...GROUP, type: "direct" } as const;
const MEMBER = { role: "member", left_at: 0, muted_until: 0, last_sent_at: 0 } as const;
const ADMIN = { ...MEMBER, role: "admin" } as const;
const OWNER = { ...MEMBER, role: "owner" } as const;
const STRANGER: RecipientFacts = {
  hasBlocked: false,
  isFriend: false,
  hasWritten: false,
  strangerLimit: 2,
  strangerCount: 0,
};
const COUNTED = { kind: "send", counts: true };
const SENT = { kind: "send", counts: false };

function facts(changes: Partial<SendFacts>): SendFacts {
  return { senderKind: "user", conversation: GROUP, member: MEMBER, recipient: undefined, at: AT, ...changes };
}

function toStranger(recipient: Partial<RecipientFacts>, changes: Partial<SendFacts> = {}): SendFacts {
  return facts({ conversation: DIRECT, recipient: { ...STRANGER, ...recipient }, ...changes });
}

function refused(code: string): unknown {
  return { kind: "refuse", code };
}

describe("decideSend", () => {
  test.each<readonly [string, SendFacts, unknown]>([
    ["a member sends", facts({}), SENT],
    ["somebody who never was a member is told nothing", facts({ member: undefined }), refused("not_found")],
    [
      "a user who has not entered a room is told nothing",
      facts({ conversation: ROOM, member: undefined }),
      refused("not_found"),
    ],
    ["a guest sends to a room", facts({ senderKind: "guest", conversation: ROOM, member: undefined }), SENT],
    ["a guest does not get into a group", facts({ senderKind: "guest", member: undefined }), refused("not_found")],
    ["somebody who has left", facts({ member: { ...MEMBER, left_at: AT } }), refused("not_member")],
    [
      "nobody writes after the end",
      facts({ conversation: { ...GROUP, state: "dismissed" }, member: OWNER }),
      refused("conversation_closed"),
    ],
    [
      "a guest is held to the end of a room",
      facts({ senderKind: "guest", member: undefined, conversation: { ...ROOM, state: "dismissed" } }),
      refused("conversation_closed"),
    ],
    ["a muted member", facts({ member: { ...MEMBER, muted_until: AT + 1 } }), refused("muted")],
    ["a muted admin", facts({ member: { ...ADMIN, muted_until: AT + 1 } }), refused("muted")],
    ["a member whose mute ends now", facts({ member: { ...MEMBER, muted_until: AT } }), SENT],
    ["a member while all are muted", facts({ conversation: { ...GROUP, mute_all: 1 } }), refused("mute_all")],
    [
      "a guest while all are muted",
      facts({ senderKind: "guest", member: undefined, conversation: { ...ROOM, mute_all: 1 } }),
      refused("mute_all"),
    ],
    ["an admin while all are muted", facts({ conversation: { ...GROUP, mute_all: 1 }, member: ADMIN }), SENT],
    ["the owner while all are muted", facts({ conversation: { ...GROUP, mute_all: 1 }, member: OWNER }), SENT],
    [
      "a member in slow mode waits for the rest of the interval",
      facts({ conversation: { ...GROUP, slow_mode_ms: 10_000 }, member: { ...MEMBER, last_sent_at: AT - 4_000 } }),
      { kind: "refuse", code: "slow_mode", retryAfterMs: 6_000 },
    ],
    [
      "a member in slow mode after the interval",
      facts({ conversation: { ...GROUP, slow_mode_ms: 10_000 }, member: { ...MEMBER, last_sent_at: AT - 10_000 } }),
      SENT,
    ],
    [
      "an admin in slow mode",
      facts({ conversation: { ...GROUP, slow_mode_ms: 10_000 }, member: { ...ADMIN, last_sent_at: AT } }),
      SENT,
    ],
  ])("in groups and rooms: %s", (_, given, expected) => {
    expect(decideSend(given)).toEqual(expected);
  });

  test.each<readonly [string, SendFacts, unknown]>([
    ["a stranger's first message is counted", toStranger({}), COUNTED],
    ["a stranger's last message within the limit", toStranger({ strangerCount: 1 }), COUNTED],
    ["a stranger beyond the limit", toStranger({ strangerCount: 2 }), refused("stranger_limit")],
    ["a stranger to somebody who takes friends only", toStranger({ strangerLimit: 0 }), refused("not_friend")],
    ["a friend where friends only are taken", toStranger({ strangerLimit: 0, isFriend: true }), SENT],
    ["a friend beyond the limit for strangers", toStranger({ strangerCount: 2, isFriend: true }), SENT],
    ["a stranger who got an answer", toStranger({ strangerCount: 2, hasWritten: true }), SENT],
    [
      "the first answer to a stranger, which opens the way",
      toStranger({ strangerLimit: 0, hasWritten: true }),
      COUNTED,
    ],
    ["the first message where there is no limit", toStranger({ strangerLimit: null }), COUNTED],
    ["further messages where there is no limit", toStranger({ strangerLimit: null, strangerCount: 1 }), SENT],
    ["a bot beyond the limit", toStranger({ strangerCount: 2 }, { senderKind: "bot" }), refused("stranger_limit")],
    ["the system", toStranger({ strangerLimit: 0 }, { senderKind: "system" }), SENT],
    [
      "the system to somebody who has blocked it",
      toStranger({ hasBlocked: true }, { senderKind: "system" }),
      refused("blocked"),
    ],
    ["a blocked friend", toStranger({ hasBlocked: true, isFriend: true }), refused("blocked")],
    ["oneself", facts({ conversation: DIRECT }), SENT],
  ])("between two: %s", (_, given, expected) => {
    expect(decideSend(given)).toEqual(expected);
  });

  test("the rules are asked in the order of the table", () => {
    const everything: SendFacts = {
      senderKind: "user",
      conversation: { type: "direct", state: "dismissed", mute_all: 1, slow_mode_ms: 10_000 },
      member: { role: "member", left_at: AT, muted_until: AT + 1, last_sent_at: AT },
      recipient: { ...STRANGER, hasBlocked: true, strangerLimit: 0 },
      at: AT,
    };
    const present = { ...everything, member: { ...MEMBER, muted_until: AT + 1, last_sent_at: AT } };
    const active = { ...present, conversation: { ...DIRECT, mute_all: 1, slow_mode_ms: 10_000 } as const };
    const taken = { ...active, recipient: { ...STRANGER, strangerLimit: 0 } };
    const heard = { ...taken, member: { ...MEMBER, last_sent_at: AT } };
    const slow = { ...heard, conversation: { ...DIRECT, slow_mode_ms: 10_000 } as const };
    const quick = { ...slow, member: MEMBER };
    const limited = { ...quick, recipient: { ...STRANGER, strangerCount: 2 } };

    const codes = [
      { ...everything, member: undefined },
      everything,
      present,
      active,
      taken,
      heard,
      slow,
      quick,
      limited,
    ].map((given) => {
      const decision = decideSend(given);
      return decision.kind === "refuse" ? decision.code : decision.kind;
    });

    expect(codes).toEqual([
      "not_found",
      "not_member",
      "conversation_closed",
      "blocked",
      "muted",
      "mute_all",
      "slow_mode",
      "not_friend",
      "stranger_limit",
    ]);
  });
});
