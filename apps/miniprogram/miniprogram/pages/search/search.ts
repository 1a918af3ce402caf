import type { Message } from "@hutong/chat-api";
import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";
import { phoneClock } from "../../platform/clock";
import { dataText, textValue } from "../../platform/event-values";
import { followChat } from "../../platform/follow-chat";
import { namingOf } from "../../platform/naming";
import { conversationLines } from "../../view/conversation-lines";
import { foundMessageLines } from "../../view/found-lines";

/** How long typing must pause before the server is asked, in milliseconds. */
const PAUSE_MS = 250;
/** The longest query, in UTF-16 code units: the server's limit. */
const MAX_QUERY = 50;
/** Most chats that are shown above the messages. */
const MAX_CHATS = 5;

/** What is looked for and what was found; apart from the page, whose fields WeChat copies. */
interface Search {
  /** Where; `""` for everywhere. */
  readonly conversationId: string;
  query: string;
  messages: readonly Message[];
  hasMore: boolean;
  isBusy: boolean;
  stopWaiting: () => void;
}

const searches = new WeakMap<object, Search>();

const follower = (page: { setData(patch: object): void }, search: Search) =>
  followChat(page, (chat) => {
    const { words } = application;
    const naming = namingOf(chat);
    const { conversationId, query, messages, hasMore, isBusy } = search;
    const isElsewhere = conversationId === "";
    const hasChats = isElsewhere && query !== "";
    const chats = hasChats ? conversationLines(naming, query).slice(0, MAX_CHATS) : [];
    const found = foundMessageLines(naming, messages, { query, isElsewhere, now: chat.engine.now() });
    const isOver = query !== "" && !isBusy;
    return {
      ...{ labels: words.labels, isElsewhere, chats, found, hasMore, isBusy },
      isEmpty: isOver && chats.length === 0 && found.length === 0,
    };
  });

/** Finds messages, in all conversations or in the one that the query names. */
Page({
  data: { labels: {}, query: "", chats: [], found: [], hasMore: false, isBusy: false, isEmpty: false },
  follower: undefined as ReturnType<typeof follower> | undefined,

  onLoad({ id = "" }) {
    const search: Search = {
      ...{ conversationId: id, query: "", messages: [], hasMore: false, isBusy: false },
      stopWaiting: () => undefined,
    };
    searches.set(this, search);
    this.follower = follower(this, search);
    const { labels } = application.words;
    wx.setNavigationBarTitle({ title: id === "" ? labels.search : labels.searchHere });
  },
  onShow() {
    this.follower?.start();
  },
  onHide() {
    this.follower?.stop();
  },
  onUnload() {
    this.follower?.stop();
    searches.get(this)?.stopWaiting();
  },
  wrote(event: WxEvent) {
    const search = searches.get(this);
    if (search === undefined) return;
    const query = textValue(event);
    this.setData({ query });
    search.stopWaiting();
    search.query = query.trim();
    search.isBusy = search.query !== "";
    if (!search.isBusy) [search.messages, search.hasMore] = [[], false];
    else search.stopWaiting = phoneClock.after(PAUSE_MS, () => void this.find(undefined));
    this.follower?.refresh();
  },
  clear() {
    const search = searches.get(this);
    search?.stopWaiting();
    if (search !== undefined) [search.query, search.messages, search.hasMore, search.isBusy] = ["", [], false, false];
    this.setData({ query: "" });
    this.follower?.refresh();
  },
  onReachBottom() {
    const search = searches.get(this);
    const last = search?.messages[search.messages.length - 1];
    if (search?.hasMore === true && !search.isBusy) void this.find(last?.id);
  },
  /** Asks the server for what it finds, older than a message where one is named. */
  async find(before: string | undefined) {
    const { chat } = application;
    const search = searches.get(this);
    if (chat === undefined || search === undefined) return;
    const { query, conversationId } = search;
    search.isBusy = true;
    await attempt(async () => {
      const answer = await chat.call("search_messages", {
        query: query.slice(0, MAX_QUERY),
        ...(conversationId !== "" && { conversationId }),
        ...(before !== undefined && { before }),
      });
      // Meanwhile something else may be looked for.
      if (search.query !== query) return;
      chat.book.putUsers(answer.users);
      search.messages = before === undefined ? answer.messages : [...search.messages, ...answer.messages];
      search.hasMore = answer.more;
    });
    if (search.query === query) search.isBusy = false;
    this.follower?.refresh();
  },
  openChat(event: WxEvent) {
    wx.navigateTo({ url: `/pages/chat/chat?id=${dataText(event, "id")}` });
  },
  openMessage(event: WxEvent) {
    wx.navigateTo({ url: `/pages/chat/chat?id=${dataText(event, "id")}&at=${dataText(event, "seq")}` });
  },
});
