import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Addresses that open one picture to whoever knows them: mini-programs load pictures without headers and cookies. They
 * are given for avatars and for what is shown in public rooms.
 */
export class PictureLinks {
  readonly #secret: Uint8Array;

  /** `secret` has at least 32 bytes. */
  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** The path of a file's address. */
  pathOf(fileId: string): string {
    return `/pictures/${fileId}/${this.#sign(fileId)}`;
  }

  /** The id of the file that an address of ours opens; `undefined` for all else. */
  fileIdOf(path: string): string | undefined {
    const [, fileId = "", signature = ""] = /^\/pictures\/([\w-]{1,64})\/([\w-]{43})$/.exec(path) ?? [];
    if (fileId === "") return undefined;
    return timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(fileId))) ? fileId : undefined;
  }

  #sign(fileId: string): string {
    // The name keeps it apart from everything else that is signed with the secret.
    return createHmac("sha256", this.#secret).update(`pictures\n${fileId}`).digest("base64url");
  }
}
