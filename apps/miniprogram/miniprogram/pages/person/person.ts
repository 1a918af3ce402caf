import type { ActionOutput } from "@hutong/chat-api";
import { application } from "../../platform/application";
import { attempt, confirmed } from "../../platform/attempt";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import type { PhoneChat } from "../../platform/pending-files";
import { personFace, personName } from "../../view/names";

type Card = ActionOutput<"get_user">;

const follower = (page: { setData(patch: object): void }, card: () => Card | undefined) =>
  followChat(page, (chat) => {
    const { words } = application;
    const known = card();
    if (known === undefined) return { labels: words.labels };
    const { user, details, isBlocked, addMe } = known;
    const naming = namingOf(chat);
    return {
      labels: words.labels,
      isKnown: true,
      face: personFace(naming, user.id),
      name: personName(naming, user.id),
      hint: user.kind === "visitor" ? words.visitor : user.username === null ? "" : `@${user.username}`,
      bio: details.bio,
      isOnline: known.presence.online,
      isOwn: user.id === chat.userId,
      isBlocked,
      ...friendship(chat, user.id, { canBe: user.kind === "user" && chat.me.value.kind === "user", addMe }),
    };
  });

interface Possible {
  readonly canBe: boolean;
  readonly addMe: Card["addMe"];
}

/** What can become of the two. */
function friendship({ contacts }: PhoneChat, userId: string, { canBe, addMe }: Possible) {
  const isFriend = contacts.friends.value.has(userId);
  const request = contacts.incoming.value.find(({ from, state }) => from.id === userId && state === "pending");
  const isAsked = contacts.outgoing.value.some(({ to, state }) => to.id === userId && state === "pending");
  const isOpen = canBe && !isFriend && request === undefined && !isAsked;
  return {
    isFriend,
    requestId: isFriend ? "" : (request?.id ?? ""),
    isAsked: isAsked && !isFriend,
    canAsk: isOpen && addMe !== "nobody",
    asksNobody: isOpen && addMe === "nobody",
  };
}

Page({
  data: { labels: {}, isKnown: false, requestId: "", isBlocked: false },
  follower: undefined as ReturnType<typeof follower> | undefined,
  userId: "",
  card: undefined as Card | undefined,

  onLoad({ id = "" }) {
    this.userId = id;
    this.follower = follower(this, () => this.card);
    void application.begin().then(() => this.load());
  },
  onShow() {
    this.follower?.start();
  },
  onHide() {
    this.follower?.stop();
  },
  onUnload() {
    this.follower?.stop();
  },
  async load() {
    await this.act(async (chat) => {
      this.card = await chat.call("get_user", { userId: this.userId });
      chat.book.putUsers([this.card.user]);
    });
  },
  /** Does something with the chat, says what went wrong, and shows what has become of it. */
  async act(act: (chat: PhoneChat) => Promise<unknown>) {
    const { chat } = application;
    if (chat !== undefined) await attempt(() => act(chat));
    this.follower?.refresh();
  },
  async write() {
    await this.act(async (chat) => {
      const { conversation, users } = await chat.call("open_direct", { userId: this.userId });
      chat.book.putUsers(users);
      chat.book.putConversation(conversation);
      wx.navigateTo({ url: `/pages/chat/chat?id=${conversation.id}` });
    });
  },
  async ask() {
    await this.act(async (chat) => {
      const { request } = await chat.call("request_friend", { userId: this.userId });
      chat.contacts.putRequest(request, "outgoing");
    });
  },
  async accept() {
    const { requestId } = this.data;
    await this.act(async (chat) => {
      const { request } = await chat.call("answer_friend_request", { requestId, answer: "accept" });
      chat.contacts.putRequest(request, "incoming");
    });
  },
  async removeFriend() {
    const { removeFriend, removeFriendText } = application.words.labels;
    if (await confirmed(removeFriend, removeFriendText))
      await this.act((chat) => chat.call("remove_friend", { userId: this.userId }));
  },
  async toggleBlock() {
    const { block, blockText } = application.words.labels;
    const { isBlocked } = this.data;
    if (!isBlocked && !(await confirmed(block, blockText))) return;
    await this.act((chat) => chat.call(isBlocked ? "unblock_user" : "block_user", { userId: this.userId }));
    await this.load();
  },
});
