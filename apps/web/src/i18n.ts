// Every word that the page says, in both languages. English defines the keys;
// a key that is missing in Chinese is a type error.

/** The languages of the page. */
export const LANGUAGES = ["en", "zh"] as const;

/** A language of the page. */
export type Language = (typeof LANGUAGES)[number];

const en = {
  tagline: "One room, every client.",
  yourName: "Your name",
  namePlaceholder: "What shall we call you?",
  enter: "Enter",
  changeName: "Change name",
  client: "Client",
  openTrio: "Open the three side by side",
  leaveTrio: "Back to one page",
  lobby: "Lobby",
  rooms: "Rooms",
  roomName: "Room name",
  goToRoom: "Go to room",
  backToLobby: "Back to the lobby",
  token: "Token",
  tokenHint: "Only private rooms need one. It stays in this tab.",
  tokenHeld: "This tab holds a token.",
  forgetToken: "Forget it",
  members: "Members",
  memberCount: (count: number) => (count === 1 ? "1 here" : `${count} here`),
  you: "you",
  nobody: "Nobody yet",
  message: "Message",
  messagePlaceholder: (room: string) => `Write to ${room}`,
  composerHint: "Enter sends, Shift + Enter starts a new line",
  send: "Send",
  remaining: (count: number) => (count < 0 ? `${-count} too many` : `${count} left`),
  log: "Messages",
  emptyTitle: "A quiet lane",
  emptyText:
    "Nobody has said anything since you came in. Say the first word, or open a second client and answer yourself.",
  newMessages: (count: number) => (count === 1 ? "1 new message" : `${count} new messages`),
  latest: "Latest messages",
  sending: "Sending",
  sent: "Sent",
  failed: "Not sent",
  retry: "Try again",
  discard: "Discard",
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  reconnectingIn: (seconds: number) => `Reconnecting in ${seconds} s`,
  offline: "Offline",
  offlineText: "This device has no network. The page comes back by itself.",
  refused: "Not let in",
  closed: "Closed",
  closedText: (reason: string) => `The link ended and does not come back by itself (${reason}).`,
  retryNow: "Retry now",
  refusedTitle: (room: string) => `The door of ${room} is shut`,
  unauthorizedText: "This room needs a token that opens it. Ask the operator for one:",
  tokenExpiredText: "The token of this tab has expired. Ask the operator for a new one:",
  tokenInvalidText: "The server does not know the token of this tab. Ask the operator for another one:",
  invalidParamsText: "The server did not accept the name or the room. Choose another one.",
  rejectedText:
    "The server refused, and Action Cable carries no reason. A private room needs a token; ask the operator for one:",
  otherRefusalText: (reason: string) => `The server refused with “${reason}”.`,
  reason: "Reason",
  tryToken: "Knock again",
  theme: "Appearance",
  themeSystem: "System",
  themeLight: "Light",
  themeDark: "Dark",
  openPanel: "Room and members",
  closePanel: "Close panel",
  trioTitle: "Three clients, one room",
  trioText: "Each frame is this page with another client library. Write in one and watch the others.",
  trioNames: ["Ada", "Bo", "Chen"],
};

type Word<T> = T extends (count: infer TInput) => string
  ? (input: TInput) => string
  : T extends string
    ? string
    : readonly string[];

/** The words of one language. */
export type Words = { readonly [TKey in keyof typeof en]: Word<(typeof en)[TKey]> };

const zh: Words = {
  tagline: "一间屋子，各路来客。",
  yourName: "你的名字",
  namePlaceholder: "怎么称呼你？",
  enter: "进门",
  changeName: "改名",
  client: "客户端",
  openTrio: "三种客户端并排打开",
  leaveTrio: "回到单页",
  lobby: "大堂",
  rooms: "房间",
  roomName: "房间名",
  goToRoom: "前往房间",
  backToLobby: "回到大堂",
  token: "令牌",
  tokenHint: "只有私密房间需要，仅保存在本标签页。",
  tokenHeld: "本标签页存有令牌。",
  forgetToken: "忘掉它",
  members: "成员",
  memberCount: (count) => `${count} 人在场`,
  you: "你",
  nobody: "还没有人",
  message: "消息",
  messagePlaceholder: (room) => `在“${room}”说点什么`,
  composerHint: "回车发送，Shift + 回车换行",
  send: "发送",
  remaining: (count) => (count < 0 ? `超出 ${-count} 字` : `还可输入 ${count} 字`),
  log: "消息记录",
  emptyTitle: "胡同里静悄悄",
  emptyText: "你进来以后还没有人说话。不妨先开口，或者再开一个客户端，自己应一声。",
  newMessages: (count) => `${count} 条新消息`,
  latest: "最新消息",
  sending: "发送中",
  sent: "已发送",
  failed: "未发送",
  retry: "重试",
  discard: "丢弃",
  connecting: "连接中",
  live: "已连接",
  reconnecting: "重新连接中",
  reconnectingIn: (seconds) => `${seconds} 秒后重新连接`,
  offline: "离线",
  offlineText: "设备没有网络，恢复后本页会自动连上。",
  refused: "未能进入",
  closed: "已断开",
  closedText: (reason) => `连接已结束，不会自动恢复（${reason}）。`,
  retryNow: "立即重试",
  refusedTitle: (room) => `${room} 的门关着`,
  unauthorizedText: "这个房间需要能打开它的令牌。请向管理员索取：",
  tokenExpiredText: "本标签页的令牌已过期。请向管理员索取新的：",
  tokenInvalidText: "服务器不认识本标签页的令牌。请向管理员另外索取：",
  invalidParamsText: "服务器不接受这个名字或房间，请换一个。",
  rejectedText: "服务器拒绝了，Action Cable 不附带原因。私密房间需要令牌，请向管理员索取：",
  otherRefusalText: (reason) => `服务器拒绝了，原因是“${reason}”。`,
  reason: "原因",
  tryToken: "再敲一次门",
  theme: "外观",
  themeSystem: "跟随系统",
  themeLight: "浅色",
  themeDark: "深色",
  openPanel: "房间与成员",
  closePanel: "关闭面板",
  trioTitle: "三种客户端，一间屋子",
  trioText: "每一格都是本页，只是换了通信库。在一格里写，看另外两格。",
  trioNames: ["安然", "小北", "陈陈"],
};

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** The page's language for the browser's list of languages, best first. */
export function pickLanguage(browserLanguages: readonly string[]): Language {
  for (const tag of browserLanguages) {
    if (/^zh\b/iu.test(tag)) return "zh";
    if (/^en\b/iu.test(tag)) return "en";
  }
  return "en";
}

/** The language tag for `lang` attributes and `Intl`. */
export function toLanguageTag(language: Language): string {
  return language === "zh" ? "zh-CN" : "en-GB";
}
