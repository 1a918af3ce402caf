import type { BidResult } from "../src/bid-result.ts";
import type { Phase } from "../src/auction.ts";

/** The languages of the page. */
export type Language = "en" | "zh";

/** What the page says in one language. */
export interface Words {
  readonly phases: Readonly<Record<Phase, string>>;
  /** What a bid came to; `%` is the amount that would have been enough. */
  readonly results: Readonly<Record<BidResult, string>>;
  /** What the page says beside that; `%` is the winner. */
  readonly texts: Readonly<Record<TextName, string>>;
}

type TextName =
  | "price"
  | "startPrice"
  | "soldTo"
  | "endsIn"
  | "endedAt"
  | "startsIn"
  | "extended"
  | "reserveMet"
  | "reserveNotMet"
  | "leading"
  | "outbid"
  | "won"
  | "lost"
  | "yourAuction"
  | "bid"
  | "amount"
  | "enter"
  | "name"
  | "signInHint"
  | "depositHint"
  | "payDeposit"
  | "cancel"
  | "again"
  | "chart"
  | "bids"
  | "noBids"
  | "absent"
  | "failed"
  | "viewers"
  | "offline"
  | "unclear"
  | "otherLanguage"
  | "theme"
  | "you";

/** All words, by language. */
export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    phases: {
      scheduled: "Not begun",
      active: "Open for bids",
      closing: "Time is up, deciding…",
      sold: "Sold",
      unsold: "Not sold: the reserve was not met",
      cancelled: "Cancelled by the seller",
    },
    results: {
      OK: "",
      DUPLICATE: "",
      TOO_LOW: "Too low. The least is now %.",
      ALREADY_LEADER: "Yours is the highest bid already.",
      NOT_STARTED: "The auction has not begun.",
      ENDED: "Too late: the auction is over.",
      NOT_ELIGIBLE: "You cannot bid here.",
      RATE_LIMITED: "Too many bids at once. Wait a moment.",
      CANCELLED: "The seller has cancelled the auction.",
    },
    texts: {
      price: "Highest bid",
      startPrice: "Start price",
      soldTo: "Sold to % for",
      endsIn: "Ends in",
      endedAt: "Ended at",
      startsIn: "Begins in",
      extended: "Extended by a late bid",
      reserveMet: "The reserve is met",
      reserveNotMet: "The reserve is not met yet",
      leading: "You lead",
      outbid: "You have been outbid",
      won: "You have won",
      lost: "Somebody else has won",
      yourAuction: "This is your auction, so you cannot bid",
      bid: "Bid",
      amount: "Your bid in yuan",
      enter: "Take part",
      name: "Your name",
      signInHint: "You are watching. Take part to bid.",
      depositHint: "Bidding takes a deposit. This one is for show and moves no money.",
      payDeposit: "Pay the deposit",
      cancel: "Cancel the auction",
      again: "Sell one like it",
      chart: "Price over time",
      bids: "Bids",
      noBids: "No bids yet.",
      absent: "There is no such auction.",
      failed: "That did not work. Please try again.",
      viewers: "watching",
      offline: "Connecting…",
      unclear: "No answer. Bid again if the list does not show your bid.",
      otherLanguage: "中文",
      theme: "Light or dark",
      you: "you",
    },
  },
  zh: {
    phases: {
      scheduled: "尚未开始",
      active: "竞拍中",
      closing: "时间到,正在结算…",
      sold: "已成交",
      unsold: "流拍:未达到保留价",
      cancelled: "卖家已取消",
    },
    results: {
      OK: "",
      DUPLICATE: "",
      TOO_LOW: "出价太低,现在至少 %。",
      ALREADY_LEADER: "您已经是最高出价。",
      NOT_STARTED: "竞拍尚未开始。",
      ENDED: "来晚了,竞拍已经结束。",
      NOT_ELIGIBLE: "您不能在这里出价。",
      RATE_LIMITED: "出价太快,请稍候。",
      CANCELLED: "卖家已取消竞拍。",
    },
    texts: {
      price: "当前最高价",
      startPrice: "起拍价",
      soldTo: "% 拍得,成交价",
      endsIn: "距结束",
      endedAt: "结束于",
      startsIn: "距开始",
      extended: "有人在最后时刻出价,已延时",
      reserveMet: "已达到保留价",
      reserveNotMet: "尚未达到保留价",
      leading: "您领先",
      outbid: "您的出价被超过了",
      won: "您拍得了",
      lost: "已被他人拍得",
      yourAuction: "这是您的拍品,您不能出价",
      bid: "出价",
      amount: "您的出价(元)",
      enter: "参与竞拍",
      name: "您的名字",
      signInHint: "您正在旁观。参与后才能出价。",
      depositHint: "出价前需交保证金。这里只是演示,不会扣款。",
      payDeposit: "交保证金",
      cancel: "取消拍卖",
      again: "再拍一件",
      chart: "价格走势",
      bids: "出价记录",
      noBids: "还没有人出价。",
      absent: "没有这场拍卖。",
      failed: "没有成功,请再试一次。",
      viewers: "人在看",
      offline: "正在连接…",
      unclear: "没有收到答复。如果记录里没有您的出价,请再出一次。",
      otherLanguage: "English",
      theme: "浅色或深色",
      you: "您",
    },
  },
};
