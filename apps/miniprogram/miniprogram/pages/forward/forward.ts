import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";
import { createId } from "../../platform/create-id";
import { dataText, textValue } from "../../platform/event-values";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import { conversationLines } from "../../view/conversation-lines";
import { messageText, senderName } from "../../view/names";

/** Most conversations that one forward goes to: the server's limit. */
const MAX_TARGETS = 20;

/** What the page is about; WeChat copies the fields of a page, and loses a `Set` by it. */
interface Forwarded {
  readonly conversationId: string;
  readonly seqs: readonly number[];
  readonly chosen: Set<string>;
  /** A retry whose answer was lost stores nothing twice. */
  readonly clientMessageId: string;
  query: string;
}

const pages = new WeakMap<object, Forwarded>();

const follower = (page: { setData(patch: object): void }, forwarded: Forwarded) =>
  followChat(page, (chat) => {
    const { words } = application;
    const naming = namingOf(chat);
    const { conversationId, seqs, chosen, query } = forwarded;
    const [first] = seqs.map((seq) => chat.book.entry(conversationId)?.log.get(seq));
    const isOne = seqs.length === 1 && first !== undefined;
    return {
      labels: words.labels,
      what: isOne ? `${senderName(naming, first)}: ${messageText(naming, first)}` : words.chosenCount(seqs.length),
      count: chosen.size,
      countText: words.chatCount(chosen.size),
      lines: conversationLines(naming, query).map((line) => ({ ...line, isChosen: chosen.has(line.id) })),
    };
  });

/** Chooses the conversations that copies of messages go to. */
Page({
  data: { labels: {}, what: "", query: "", lines: [], count: 0, countText: "", isBusy: false },
  follower: undefined as ReturnType<typeof follower> | undefined,

  onLoad({ from = "", seqs = "" }) {
    const forwarded: Forwarded = {
      ...{ conversationId: from, chosen: new Set(), clientMessageId: createId(), query: "" },
      seqs: seqs.split(",").map(Number).filter(Number.isSafeInteger),
    };
    pages.set(this, forwarded);
    this.follower = follower(this, forwarded);
    wx.setNavigationBarTitle({ title: application.words.labels.forwardTo });
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
  wrote(event: WxEvent) {
    const query = textValue(event);
    const forwarded = pages.get(this);
    if (forwarded !== undefined) forwarded.query = query;
    this.setData({ query });
    this.follower?.refresh();
  },
  toggle(event: WxEvent) {
    const id = dataText(event, "id");
    const { chosen } = pages.get(this) ?? {};
    if (chosen?.delete(id) === false && chosen.size < MAX_TARGETS) chosen.add(id);
    this.follower?.refresh();
  },
  async send() {
    const { chat } = application;
    const forwarded = pages.get(this);
    if (chat === undefined || forwarded === undefined || forwarded.chosen.size === 0 || this.data.isBusy) return;
    this.setData({ isBusy: true });
    await attempt(async () => {
      const { conversationId, seqs, chosen, clientMessageId } = forwarded;
      const input = { conversationId, seqs: [...seqs], to: [...chosen], clientMessageId };
      const { refused } = await chat.call("forward_messages", input);
      wx.navigateBack({ success: () => tellResult(refused) });
    });
    this.setData({ isBusy: false });
  },
});

function tellResult(refused: readonly { readonly code: string }[]): void {
  const { words } = application;
  const [first] = refused;
  const isDone = first === undefined;
  const title = isDone ? words.labels.forwardDone : words.forwardRefused(refused.length) + words.errorText(first.code);
  wx.showToast({ title, icon: isDone ? "success" : "none", duration: 2_500 });
}
