import { chmod, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "@hutong/database";
import { SQLITE_ENGINE } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const temporary = await SQLITE_ENGINE.create();
  return {
    path: dirname(temporary.url.slice("sqlite:".length)),
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  };
}

async function rightsOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe("makeFolder", () => {
  test("makes what is missing, for the owner alone", async () => {
    await using folder = await temporaryFolder();

    await makeFolder(join(folder.path, "a/b/c"));

    expect(await rightsOf(join(folder.path, "a"))).toBe(0o700);
    expect(await rightsOf(join(folder.path, "a/b/c"))).toBe(0o700);
  });

  test("leaves a folder that is there its rights", async () => {
    await using folder = await temporaryFolder();
    await chmod(folder.path, 0o755);

    await makeFolder(folder.path);

    expect(await rightsOf(folder.path)).toBe(0o755);
  });

  test("takes it when several make the same at the same time", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "a/b/c");

    await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)));

    expect((await stat(path)).isDirectory()).toBe(true);
  });

  test("rejects where a file is, and below one", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "file");
    await writeFile(file, "");

    await expect(makeFolder(file)).rejects.toMatchObject({ code: "EEXIST" });
    await expect(makeFolder(join(file, "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  test("makes the top of the file system as little as anybody", async () => {
    await makeFolder("/");

    expect((await stat("/")).isDirectory()).toBe(true);
  });

  test.skipIf(process.platform !== "linux")("rejects where no folders can be made, however deep", async () => {
    await expect(makeFolder("/proc/nope")).rejects.toMatchObject({ code: "ENOENT" });
    await expect(makeFolder("/proc/nope/deeper/still")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
