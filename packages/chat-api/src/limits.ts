/** What the schemas of the API hold clients to. Lengths are code points unless a name says bytes. */
export const CHAT_LIMITS = {
  usernameLength: 20,
  passwordLength: 128,
  nicknameLength: 30,
  titleLength: 50,
  noticeLength: 500,
  remarkLength: 30,
  textLength: 4_000,
  /** JSON of a message body. */
  bodyBytes: 12_288,
  mentions: 50,
  /** Users named in one call. */
  userIds: 200,
  /** Messages in one page. */
  pageSize: 200,
  /** Conversations whose state a client tells when it synchronises. */
  knownConversations: 200,
  /** Messages in one forward. */
  forwarded: 50,
  /** Conversations that one forward goes to. */
  forwardTargets: 20,
  /** Distinct emoji on one message. */
  reactions: 20,
  searchLength: 50,
} as const;
