import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { StartError } from "../src/config.ts";
import { loadSecret } from "../src/secret.ts";
import { createTemporaryFolder } from "./support/temporary-folder.ts";

describe("loadSecret", () => {
  test("the first start makes the folder and a secret of 32 bytes", async () => {
    await using folder = await createTemporaryFolder();

    const secret = await loadSecret(folder.at("new/data"));

    expect(secret.length).toBe(32);
    expect(await readFile(folder.at("new/data/token-secret"), "utf8")).toBe(Buffer.from(secret).toString("base64url"));
  });

  test("the file is for its owner only", async () => {
    await using folder = await createTemporaryFolder();

    await loadSecret(folder.path);

    expect((await stat(folder.at("token-secret"))).mode & 0o777).toBe(0o600);
  });

  test("the folder that a first start makes is for its owner only", async () => {
    await using folder = await createTemporaryFolder();

    await loadSecret(folder.at("data"));

    expect((await stat(folder.at("data"))).mode & 0o777).toBe(0o700);
  });

  test("later starts find the same secret", async () => {
    await using folder = await createTemporaryFolder();

    const first = await loadSecret(folder.path);

    expect(await loadSecret(folder.path)).toEqual(first);
  });

  test("two folders have two secrets", async () => {
    await using one = await createTemporaryFolder();
    await using other = await createTemporaryFolder();

    expect(await loadSecret(one.path)).not.toEqual(await loadSecret(other.path));
  });

  test("two first starts at the same time agree on one secret", async () => {
    await using folder = await createTemporaryFolder();

    const secrets = await Promise.all(Array.from({ length: 20 }, () => loadSecret(folder.path)));

    const texts = secrets.map((secret) => Buffer.from(secret).toString("hex"));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toHaveLength(64);
    expect(await readdir(folder.path)).toEqual(["token-secret"]);
  });

  test("a secret that ends in a line break, as editors leave it, is taken", async () => {
    await using folder = await createTemporaryFolder();
    await writeFile(folder.at("token-secret"), `${"A".repeat(43)}\n`);

    expect(await loadSecret(folder.path)).toEqual(Buffer.alloc(32));
  });

  test.each([
    ["empty", ""],
    ["of 31 bytes", Buffer.alloc(31).toString("base64url")],
    ["no base64url", "!".repeat(100)],
  ])("a file that is %s is refused with its path and the mend", async (_name, text) => {
    await using folder = await createTemporaryFolder();
    const path = folder.at("token-secret");
    await writeFile(path, text);

    await expect(loadSecret(folder.path)).rejects.toThrow(
      new StartError(
        `${path} holds no secret of 32 bytes; delete the file to have a new one made, which ends all tokens.`,
      ),
    );
  });

  test("a file in place of the folder is refused with its path and the variable to set", async () => {
    await using folder = await createTemporaryFolder();
    const path = folder.at("data");
    await writeFile(path, "");

    await expect(loadSecret(path)).rejects.toThrow(
      new StartError(
        `The data folder ${path} cannot be used (EEXIST); make it readable and writable, or set HUTONG_DATA_DIR to another folder.`,
      ),
    );
  });

  test.skipIf(process.platform !== "linux")("a place that takes no folders is refused, and soon", async () => {
    await expect(loadSecret("/proc/nope")).rejects.toThrow(
      new StartError(
        "The data folder /proc/nope cannot be used (ENOENT); make it readable and writable, or set HUTONG_DATA_DIR to another folder.",
      ),
    );
  });

  test("a folder in place of the file cannot be read", async () => {
    await using folder = await createTemporaryFolder();
    await mkdir(folder.at("token-secret"));

    await expect(loadSecret(folder.path)).rejects.toThrow(
      new StartError(
        `The data folder ${folder.path} cannot be used (EISDIR); make it readable and writable, or set HUTONG_DATA_DIR to another folder.`,
      ),
    );
  });
});
