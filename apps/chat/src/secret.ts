import { randomBytes, randomUUID } from "node:crypto";
import { access, link, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@hutong/database";
import { StartError } from "./config.ts";

const SECRET_BYTES = 32;

/**
 * Reads the secret that signs tokens, or makes it on the first start. The file is readable by its owner only.
 *
 * @throws {StartError} when the folder or the file cannot be used.
 */
export async function loadSecret(dataFolder: string): Promise<Uint8Array> {
  const path = join(dataFolder, "token-secret");
  try {
    // The database lies here too, with everything that people have written.
    await makeFolder(dataFolder);
    await createOnce(path);
    const secret = Buffer.from((await readFile(path, "utf8")).trim(), "base64url");
    if (secret.length >= SECRET_BYTES) return secret;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new StartError(
      `The data folder ${dataFolder} cannot be used (${code}); make it readable and writable, or set HUTONG_DATA_DIR to another folder.`,
      { cause },
    );
  }
  throw new StartError(
    `${path} holds no secret of ${SECRET_BYTES} bytes; delete the file to have a new one made, which ends all tokens.`,
  );
}

/** A second process that starts at the same time must not read half a secret, so the file appears with its text. */
async function createOnce(path: string): Promise<void> {
  if (await isThere(path)) return;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, randomBytes(SECRET_BYTES).toString("base64url"), { flag: "wx", mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
