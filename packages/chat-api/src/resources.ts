import { z } from "zod";
import { CHAT_LIMITS } from "./limits.ts";
import { toLine, toWords } from "./line.ts";

// Times are milliseconds since 1970 by the server's clock. Seqs count from 1 without gaps per conversation; 0 is
// "none yet". Numbers in a query arrive as text, hence the coercion.

/** An id: text of the server's making. */
export const id = z.string().min(1).max(64);
/** A number of a message, of a change or of an event; 0 is before the first. */
export const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A moment. */
export const time = z.number().int().min(0);
const counter = z.number().int().min(0);
/** What somebody writes: see {@link toWords}. */
export const text = (maxLength: number) => z.string().overwrite(toWords).min(1).max(maxLength);
/** A name or a title: see {@link toLine}. It may turn out empty. */
export const line = (maxLength: number) => z.string().overwrite(toLine).max(maxLength);

/** A user name; letters count as the same in either case. */
export const username = z.string().regex(/^[A-Za-z0-9_]{4,20}$/, "4 to 20 letters, digits or underscores");
/** A password that is set. */
export const password = z.string().min(8).max(CHAT_LIMITS.passwordLength);
/** What others call somebody. */
export const nickname = line(CHAT_LIMITS.nicknameLength).min(1);
/** What a client calls its message, for ever: a retry brings the same one. */
export const clientMessageId = z.string().min(8).max(64);

const json = z.json().meta({ id: "Json" });

/** Profile text that an account may show of itself. Empty texts are not shown. */
export const profileDetails = z
  .object({
    bio: z.string().trim().max(200),
    location: z.string().trim().max(50),
    website: z.union([z.literal(""), z.url({ protocol: /^https?$/ }).max(200)]),
    gender: z.enum(["", "female", "male", "other"]),
    birthday: z.union([z.literal(""), z.iso.date()]),
  })
  .meta({ id: "ProfileDetails" });

/** An account as others see it. */
export const user = z
  .object({
    id,
    kind: z.enum(["user", "visitor", "bot", "system"]),
    /** `null` without a password account: for visitors, and for users who came by WeChat alone. */
    username: z.string().nullable(),
    nickname: z.string(),
    /** Id of a file; `null` when there is none. */
    avatar: id.nullable(),
  })
  .meta({ id: "User" });

/** Whether someone is there. `lastSeenAt` is `null` when it is not known or not shown. */
export const presence = z
  .object({ userId: id, online: z.boolean(), lastSeenAt: time.nullable() })
  .meta({ id: "Presence" });

/** How many messages a stranger may send before the two are friends; `null` is unlimited. */
const strangerLimit = z.number().int().min(0).max(100).nullable();

/** What an account decides about itself. */
export const settings = z
  .object({
    strangers: z.object({ visitor: strangerLimit, user: strangerLimit }),
    /** What a friend request needs: nothing, the owner's answer, or it is refused. */
    addMe: z.enum(["anyone", "approval", "nobody"]),
    showPresence: z.boolean(),
  })
  .meta({ id: "Settings" });

/** The caller's own account. */
export const me = user.extend({ details: profileDetails, settings, createdAt: time }).meta({ id: "Me" });

/** One signed-in device of the caller. */
export const device = z
  .object({
    sessionId: id,
    platform: z.string(),
    name: z.string(),
    createdAt: time,
    lastSeenAt: time,
    /** Whether it is the one that asks. */
    current: z.boolean(),
  })
  .meta({ id: "Device" });

/** What a member may do. */
export const role = z.enum(["member", "admin", "owner"]);
/** How people come together: two, a closed circle, or whoever enters. */
export const conversationType = z.enum(["direct", "group", "room"]);
/** Who gets into a group: everyone, by invitation of a member, whom an admin approves, or nobody. */
export const joinMode = z.enum(["open", "invite", "approval", "closed"]);

/** A member of a conversation. */
export const member = z
  .object({
    user,
    role,
    /** The member's name in this group; empty when it is the nickname. */
    alias: z.string(),
    /** Until when the member may not write; 0 when it may. */
    mutedUntil: z.number().int(),
    joinedAt: time,
    readSeq: counter,
    receivedSeq: counter,
  })
  .meta({ id: "Member" });

const textContent = z.object({ type: z.literal("text"), body: z.object({ text: text(CHAT_LIMITS.textLength) }) });
const imageContent = z.object({
  type: z.literal("image"),
  body: z.object({ fileId: id, width: counter, height: counter, caption: z.string().max(500).optional() }),
});
const voiceContent = z.object({
  type: z.literal("voice"),
  body: z.object({ fileId: id, durationMs: counter.max(600_000) }),
});
const videoContent = z.object({
  type: z.literal("video"),
  body: z.object({ fileId: id, posterId: id.optional(), width: counter, height: counter, durationMs: counter }),
});
const fileContent = z.object({
  type: z.literal("file"),
  body: z.object({ fileId: id, name: line(255).min(1), size: counter }),
});
const locationContent = z.object({
  type: z.literal("location"),
  body: z.object({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    title: line(100),
    address: line(200),
  }),
});
/** Somebody's profile, passed on. */
const cardContent = z.object({ type: z.literal("card"), body: z.object({ userId: id }) });
/** What an application of its own makes of it; `kind` says what `data` is. */
const customContent = z.object({
  type: z.literal("custom"),
  body: z.object({ kind: text(50), data: json }),
});

/** The content of a message, by its type. */
export const messageContent = z
  .discriminatedUnion("type", [
    textContent,
    imageContent,
    voiceContent,
    videoContent,
    fileContent,
    locationContent,
    cardContent,
    customContent,
  ])
  .meta({ id: "MessageContent" });

/** What happened in a conversation, said by the server. Names are in `users` of the answer that carries it. */
const noticeContent = z.object({
  type: z.literal("notice"),
  body: z.object({
    kind: z.enum([
      "friends",
      "group_created",
      "members_joined",
      "member_left",
      "member_removed",
      "group_renamed",
      "notice_changed",
      "owner_changed",
      "role_changed",
      "member_muted",
      "mute_all_changed",
      "group_dismissed",
    ]),
    actorId: id.nullable(),
    userIds: z.array(id),
    text: z.string().optional(),
  }),
});

/** One emoji on a message and who has put it there, the first ones first. */
export const reaction = z.object({ emoji: z.string(), count: counter, userIds: z.array(id) }).meta({ id: "Reaction" });

const messageFrame = {
  conversationId: id,
  seq: counter,
  id,
  senderId: id,
  /** The name of a sender without an account, in rooms that take guests. */
  senderName: z.string().optional(),
  /** Only in answers to the sender's own devices. */
  clientMessageId: clientMessageId.optional(),
  /** The message that this one answers; 0 when none. */
  replyTo: counter,
  mentions: z.array(id),
  mentionsAll: z.boolean(),
  forwarded: z.boolean(),
  /** Grows with every edit, recall and removal; reactions do not count. */
  version: counter,
  editedAt: z.number().int(),
  createdAt: time,
  reactions: z.array(reaction),
};

/** One message. A recalled or removed one has lost its content. */
export const message = z
  .discriminatedUnion("type", [
    textContent.extend(messageFrame),
    imageContent.extend(messageFrame),
    voiceContent.extend(messageFrame),
    videoContent.extend(messageFrame),
    fileContent.extend(messageFrame),
    locationContent.extend(messageFrame),
    cardContent.extend(messageFrame),
    customContent.extend(messageFrame),
    noticeContent.extend(messageFrame),
    z.object({ type: z.literal("recalled"), body: z.object({ actorId: id }), ...messageFrame }),
    z.object({ type: z.literal("removed"), body: z.object({}), ...messageFrame }),
  ])
  .meta({ id: "Message" });

/** A conversation as one member sees it. */
export const conversation = z
  .object({
    id,
    type: conversationType,
    /** The name of a group or room; empty for a direct conversation, whose name is the peer's. */
    title: z.string(),
    avatar: id.nullable(),
    notice: z.string(),
    ownerId: id.nullable(),
    /** The other one of a direct conversation. */
    peerId: id.nullable(),
    joinMode,
    /** Whether only the owner and admins may write. */
    muteAll: z.boolean(),
    /** The least time between two messages of a member, in milliseconds; 0 is no limit. */
    slowModeMs: counter,
    /** Whether new members see what was said before they came. */
    historyVisible: z.boolean(),
    state: z.enum(["active", "dismissed"]),
    memberCount: counter,
    lastSeq: counter,
    changeSeq: counter,
    metaSeq: counter,
    lastMessageAt: z.number().int(),
    createdAt: time,
    role,
    alias: z.string(),
    mutedUntil: z.number().int(),
    readSeq: counter,
    receivedSeq: counter,
    /** Messages up to this one are not shown to the caller. */
    minSeq: counter,
    /** The last message that the caller may see; `null` while the caller is a member. */
    maxSeq: counter.nullable(),
    /** Messages that count and are not read. */
    unread: counter,
    markedUnread: z.boolean(),
    /** Whether an unread message mentions the caller. */
    mentioned: z.boolean(),
    notify: z.boolean(),
    /** When the caller pinned it; 0 when it is not pinned. */
    pinnedAt: z.number().int(),
    hidden: z.boolean(),
    lastMessage: message.nullable(),
    /** How far the other one of a direct conversation has read; 0 elsewhere. */
    peerReadSeq: counter,
    peerReceivedSeq: counter,
  })
  .meta({ id: "Conversation" });

/** What all members see alike of a conversation. */
export const conversationMeta = conversation.pick({
  id: true,
  title: true,
  avatar: true,
  notice: true,
  ownerId: true,
  joinMode: true,
  muteAll: true,
  slowModeMs: true,
  historyVisible: true,
  state: true,
  memberCount: true,
  metaSeq: true,
});

/** A friend of the caller. */
export const friend = z
  .object({
    user,
    /** The caller's name for the friend; empty when there is none. */
    remark: z.string(),
    starred: z.boolean(),
    /** The friend does not see the caller's presence and profile details. */
    hideMine: z.boolean(),
    /** The caller does not want to see the friend's. */
    hideTheirs: z.boolean(),
    createdAt: time,
  })
  .meta({ id: "Friend" });

/** A wish to be friends, as its sender or its receiver sees it. An ignored one looks pending to its sender. */
export const friendRequest = z
  .object({
    id,
    from: user,
    to: user,
    message: z.string(),
    state: z.enum(["pending", "accepted", "refused", "ignored", "expired"]),
    createdAt: time,
    handledAt: z.number().int(),
  })
  .meta({ id: "FriendRequest" });

/** Someone who asks to get into a group. */
export const joinRequest = z
  .object({
    id,
    conversationId: id,
    user,
    invitedBy: id.nullable(),
    message: z.string(),
    state: z.enum(["pending", "accepted", "refused"]),
    createdAt: time,
  })
  .meta({ id: "JoinRequest" });

/** A link into a group, for as long and as often as it says. */
export const invite = z
  .object({
    token: z.string(),
    conversationId: id,
    /** Where the page takes the invitation, as a path. */
    path: z.string(),
    /** `path` at the server's public address as a QR code, an SVG document. */
    qr: z.string(),
    expiresAt: time,
  })
  .meta({ id: "Invite" });

/** A stored file. Its content is at `/api/files/{id}`, its small picture at `/api/files/{id}/thumbnail`. */
export const file = z
  .object({
    id,
    name: z.string(),
    mime: z.string(),
    size: counter,
    /** Pixels; 0 when it is no picture. */
    width: counter,
    height: counter,
    hasThumbnail: z.boolean(),
  })
  .meta({ id: "StoredFile" });

/** A change of an existing message: the whole message as it is now. */
export const change = z
  .object({
    conversationId: id,
    changeSeq: counter,
    kind: z.enum(["edit", "recall", "reaction", "removal"]),
    actorId: id,
    message,
  })
  .meta({ id: "Change" });

/** The value of {@link user}. */
export type User = z.output<typeof user>;
/** The value of {@link presence}. */
export type Presence = z.output<typeof presence>;
/** The value of {@link settings}. */
export type Settings = z.output<typeof settings>;
/** The value of {@link profileDetails}. */
export type ProfileDetails = z.output<typeof profileDetails>;
/** The value of {@link me}. */
export type Me = z.output<typeof me>;
/** The value of {@link device}. */
export type Device = z.output<typeof device>;
/** The value of {@link role}. */
export type Role = z.output<typeof role>;
/** The value of {@link conversationType}. */
export type ConversationType = z.output<typeof conversationType>;
/** The value of {@link joinMode}. */
export type JoinMode = z.output<typeof joinMode>;
/** The value of {@link member}. */
export type Member = z.output<typeof member>;
/** The value of {@link messageContent}. */
export type MessageContent = z.output<typeof messageContent>;
/** The value of {@link noticeContent}. */
export type NoticeContent = z.output<typeof noticeContent>;
/** The value of {@link message}. */
export type Message = z.output<typeof message>;
/** The value of {@link reaction}. */
export type Reaction = z.output<typeof reaction>;
/** The value of {@link conversation}. */
export type Conversation = z.output<typeof conversation>;
/** The value of {@link conversationMeta}. */
export type ConversationMeta = z.output<typeof conversationMeta>;
/** The value of {@link friend}. */
export type Friend = z.output<typeof friend>;
/** The value of {@link friendRequest}. */
export type FriendRequest = z.output<typeof friendRequest>;
/** The value of {@link joinRequest}. */
export type JoinRequest = z.output<typeof joinRequest>;
/** The value of {@link invite}. */
export type Invite = z.output<typeof invite>;
/** The value of {@link file}. */
export type StoredFile = z.output<typeof file>;
/** The value of {@link change}. */
export type Change = z.output<typeof change>;
