/** The key that tells a wafer client that an answer is about its session. */
const WAFER_MAGIC_ID = "F2C224D4-2BCE-4C64-AF9F-A6D872000D1A";

/** Why a client gets no session: the words that wafer clients know. */
export type WaferErrorCode =
  /** A login did not succeed; the client shows the message. */
  | "ERR_LOGIN_FAILED"
  /** The session is unknown or has ended; the client logs in again, once, and repeats its request. */
  | "ERR_INVALID_SESSION";

/** A session as its client gets to know it. */
export interface WaferSession {
  /** Unguessable, as long as the session lives. */
  readonly id: string;
  /** Unguessable, and unique by itself: clients of version 2 send nothing else. */
  readonly skey: string;
  /** Shown by clients of version 2, which take an answer without it for a failure. */
  readonly userInfo: WaferUserInfo;
  /** Time of the login, in milliseconds since 1970. */
  readonly loggedInAtMs: number;
}

/** What a client may know of its user. */
export interface WaferUserInfo {
  readonly openId: string;
  readonly nickName: string;
  readonly avatarUrl: string;
}

/** An answer that clients of both versions understand. Its HTTP status is 200, errors included. */
export type WaferAnswer = Readonly<Record<string, unknown>>;

/** Answers a login. */
export function loginAnswer({ id, skey, userInfo, loggedInAtMs }: WaferSession): WaferAnswer {
  const data = { skey, userinfo: userInfo, time: Math.floor(loggedInAtMs / 1_000) };
  return { [WAFER_MAGIC_ID]: 1, session: { id, skey }, code: 0, data };
}

/** Answers whatever gets no session. */
export function errorAnswer(error: WaferErrorCode, message: string): WaferAnswer {
  return { [WAFER_MAGIC_ID]: 1, error, code: -1, message };
}

/**
 * Answers a request that nothing came of this time. Without the magic key and the code -1, at which clients forget their session;
 * the tunnel of version 2 looks into `data` whatever the code.
 */
export function busyAnswer(message: string): WaferAnswer {
  return { code: 1, message, data: {} };
}

/** Answers a request to the login's address that brings a good session. Without the magic key, which would end the session. */
export function signedInAnswer(): WaferAnswer {
  return { code: 0, message: "小程序会话已登录" };
}

/** Answers the request for a tunnel. The address holds a ticket, because the client opens it without headers. */
export function tunnelAnswer(tunnelId: string, connectUrl: string): WaferAnswer {
  return { url: connectUrl, code: 0, data: { tunnelId, connectUrl } };
}
