import { z } from "zod";
import { action } from "../action.ts";
import { CHAT_LIMITS } from "../limits.ts";
import {
  device,
  id,
  line,
  me,
  nickname,
  password,
  presence,
  profileDetails,
  settings,
  user,
  username,
} from "../resources.ts";

/** The device that signs in. `key` is made by the client once and kept; it tells the caller's devices apart and proves nothing. */
const deviceInput = z.object({
  key: z.string().min(8).max(64),
  platform: z.enum(["web", "wechat", "desktop", "mobile", "other"]),
  name: line(50),
});

/** A session: the access token is sent with every call, the refresh token only to get the next pair. */
export const session = z.object({
  me,
  sessionId: id,
  accessToken: z.string(),
  /** Life of the access token, in milliseconds from now. */
  expiresInMs: z.number().int(),
  refreshToken: z.string(),
});
/** The value of {@link session}. */
export type Session = z.output<typeof session>;

const nothing = z.object({});

/** Accounts, sessions, devices and profiles. */
export const accountActions = {
  register: action({
    method: "post",
    path: "/accounts",
    access: "anyone",
    summary: "Makes an account with a password and signs in.",
    input: z.object({ username, password, nickname: nickname.optional(), device: deviceInput }),
    output: session,
  }),
  sign_in: action({
    method: "post",
    path: "/sessions",
    access: "anyone",
    summary: "Signs in with a user name and a password.",
    input: z.object({
      username: z.string().max(64),
      password: z.string().max(CHAT_LIMITS.passwordLength),
      device: deviceInput,
    }),
    output: session,
  }),
  visit: action({
    method: "post",
    path: "/visitors",
    access: "anyone",
    summary: "Makes a visitor, who may talk without an account.",
    input: z.object({ nickname: nickname.optional(), device: deviceInput }),
    output: session,
  }),
  sign_in_with_wechat: action({
    method: "post",
    path: "/sessions/wechat",
    access: "anyone",
    summary: "Signs in with the code of wx.login; the first time makes an account.",
    input: z.object({ code: z.string().min(1).max(128), nickname: nickname.optional(), device: deviceInput }),
    output: session,
  }),
  refresh_session: action({
    method: "post",
    path: "/sessions/refresh",
    access: "anyone",
    summary: "Trades a refresh token for the next pair; a refresh token that is used twice ends its session.",
    input: z.object({ refreshToken: z.string().min(1).max(256) }),
    output: session,
  }),
  upgrade_visitor: action({
    method: "post",
    path: "/me/account",
    access: "visitor",
    summary: "Turns the visitor into a user with a password; id and history stay.",
    input: z.object({ username, password, nickname: nickname.optional() }),
    output: me,
  }),
  sign_out: action({
    method: "post",
    path: "/sessions/current/end",
    access: "visitor",
    summary: "Ends the caller's session and its connections.",
    input: nothing,
    output: nothing,
  }),
  list_devices: action({
    method: "get",
    path: "/sessions",
    access: "visitor",
    summary: "The devices on which the caller is signed in, the latest used first.",
    input: nothing,
    output: z.object({ devices: z.array(device) }),
  }),
  end_session: action({
    method: "delete",
    path: "/sessions/{sessionId}",
    access: "visitor",
    summary: "Signs another device of the caller out.",
    input: z.object({ sessionId: id }),
    output: nothing,
  }),
  create_ticket: action({
    method: "post",
    path: "/tickets",
    access: "visitor",
    summary: "A ticket for one WebSocket handshake, as its `token`, for a minute.",
    input: nothing,
    output: z.object({ ticket: z.string(), expiresInMs: z.number().int() }),
  }),
  change_password: action({
    method: "put",
    path: "/me/password",
    access: "user",
    summary: "Changes the password and ends all other sessions.",
    input: z.object({ oldPassword: z.string().max(CHAT_LIMITS.passwordLength), newPassword: password }),
    output: nothing,
  }),
  get_me: action({
    method: "get",
    path: "/me",
    access: "visitor",
    summary: "The caller's own account.",
    input: nothing,
    output: me,
  }),
  update_profile: action({
    method: "put",
    path: "/me",
    access: "visitor",
    summary: "Changes what is given of nickname, avatar and details.",
    input: z.object({
      nickname: nickname.optional(),
      avatar: id.nullable().optional(),
      details: profileDetails.partial().optional(),
    }),
    output: me,
  }),
  update_settings: action({
    method: "put",
    path: "/me/settings",
    access: "user",
    summary: "Changes what is given of the settings.",
    input: settings.partial(),
    output: me,
  }),
  get_my_card: action({
    method: "get",
    path: "/me/card",
    access: "visitor",
    summary: "A link to the caller's profile, and the link as a QR code.",
    input: nothing,
    output: z.object({ path: z.string(), qr: z.string() }),
  }),
  search_users: action({
    method: "get",
    path: "/users/search",
    access: "user",
    summary: "Users whose user name or nickname holds the words; neither visitors nor the caller.",
    input: z.object({ query: z.string().trim().min(1).max(CHAT_LIMITS.searchLength) }),
    output: z.object({ users: z.array(user) }),
  }),
  get_user: action({
    method: "get",
    path: "/users/{userId}",
    access: "visitor",
    summary: "Somebody's profile, as far as the caller may see it.",
    input: z.object({ userId: id }),
    output: z.object({
      user,
      /** Empty where the owner hides them. */
      details: profileDetails,
      presence,
      isFriend: z.boolean(),
      isBlocked: z.boolean(),
      /** The caller's name for a friend. */
      remark: z.string(),
      /** What adding this user needs. */
      addMe: settings.shape.addMe,
    }),
  }),
  get_presences: action({
    method: "get",
    path: "/presences",
    access: "visitor",
    summary: "Who of the caller's friends is there.",
    input: nothing,
    output: z.object({ presences: z.array(presence) }),
  }),
};
