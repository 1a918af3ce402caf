import { createDecipheriv } from "node:crypto";
import { z } from "zod";

/** What a client sends of its `wx.getUserInfo`, both in Base64. */
export interface EncryptedUserData {
  readonly encryptedData: string;
  readonly iv: string;
}

/** What the data has to belong to. */
export interface EncryptedDataContext {
  readonly appId: string;
  /** The user that the code of the same login stands for. */
  readonly openid: string;
  /** Base64, as WeChat gave it. */
  readonly sessionKey: string;
  /** In milliseconds since 1970. */
  readonly nowMs: number;
  /** Largest difference between now and the time of the watermark, in milliseconds. @defaultValue 300_000 */
  readonly maxAgeMs?: number;
}

/** Default of {@link EncryptedDataContext.maxAgeMs}. */
export const DEFAULT_MAX_AGE_MS = 300_000;

/** Longest `encryptedData` that is looked at, in characters. */
export const MAX_ENCRYPTED_LENGTH = 8_192;

const PLAIN = z.object({
  openId: z.string().min(1),
  unionId: z.string().optional(),
  nickName: z.string(),
  avatarUrl: z.string(),
  watermark: z.object({ appid: z.string(), timestamp: z.number() }),
});

/** What WeChat vouches for. */
export interface DecryptedUserData {
  readonly openid: string;
  readonly unionid: string | undefined;
  /** Chosen by the user, or a placeholder of WeChat's. */
  readonly nickName: string;
  /** `""` where the user has none. */
  readonly avatarUrl: string;
}

/**
 * Decrypts what `wx.getUserInfo` gave a client. `undefined` whatever is wrong with it: an answer that told a bad
 * padding from a foreign application would let its asker decrypt and forge data without the key.
 */
export function decryptUserData(data: EncryptedUserData, context: EncryptedDataContext): DecryptedUserData | undefined {
  const { appId, openid, nowMs, maxAgeMs = DEFAULT_MAX_AGE_MS } = context;
  const plain = PLAIN.safeParse(decrypt(data, context.sessionKey));
  if (!plain.success) return undefined;
  const { openId, unionId: unionid, nickName, avatarUrl, watermark } = plain.data;
  const isOurs = watermark.appid === appId && openId === openid;
  const isFresh = Math.abs(nowMs - watermark.timestamp * 1_000) <= maxAgeMs;
  return isOurs && isFresh ? { openid, unionid, nickName, avatarUrl } : undefined;
}

function decrypt({ encryptedData, iv }: EncryptedUserData, sessionKey: string): unknown {
  if (encryptedData.length > MAX_ENCRYPTED_LENGTH) return undefined;
  try {
    const key = Buffer.from(sessionKey, "base64");
    const decipher = createDecipheriv("aes-128-cbc", key, Buffer.from(iv, "base64"));
    const bytes = Buffer.concat([decipher.update(encryptedData, "base64"), decipher.final()]);
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined; // lengths, padding and JSON: which one it was is nobody's business
  }
}
