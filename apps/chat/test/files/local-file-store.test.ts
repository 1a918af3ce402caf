import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { Readable } from "node:stream";
import { LocalFileStore } from "../../src/files/local-file-store.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { fileStoreConformance } from "./conformance.ts";

fileStoreConformance("LocalFileStore", async () => {
  const folder = await createTemporaryFolder();
  return {
    store: new LocalFileStore({ folder: folder.at("files"), draftFolder: folder.at("drafts") }),
    count: async () => {
      const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).length;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

test("spreads its files over folders", async () => {
  await using folder = await createTemporaryFolder();
  const store = new LocalFileStore({ folder: folder.at("files"), draftFolder: folder.at("drafts") });

  await store.put("ab000000000000000000000000000000", Readable.from([Buffer.from("x")]), 1);

  expect(await readdir(folder.at("files/ab"))).toEqual(["ab000000000000000000000000000000"]);
  expect(await readdir(folder.at("drafts"))).toEqual([]);
});

test("says that a folder which is no folder is not available", async () => {
  await using folder = await createTemporaryFolder();
  const store = new LocalFileStore({ folder: "/dev/null", draftFolder: folder.at("drafts") });

  const putting = store.put("ab000000000000000000000000000000", Readable.from([Buffer.from("x")]), 1);

  await expect(putting).rejects.toMatchObject({ code: "unavailable" });
  expect(await readdir(folder.at("drafts"))).toEqual([]);
});
