import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { exportAccount } from "../../src/export/export-account.ts";
import { openFileStore } from "../../src/files/open-file-store.ts";
import { openDatabase } from "@hutong/database";
import type { Tables } from "../../src/storage/tables.ts";
import { ApiClient } from "../support/api-client.ts";
import { startTestChat } from "../support/started-chat.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const linesOf = async (path: string): Promise<unknown[]> =>
  (await readFile(path, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));

test("an export that cannot be written says so", async () => {
  await using started = await startTestChat();
  await using folder = await createTemporaryFolder();
  const anyone = new ApiClient(started.chat.url);
  const ada = await anyone.register("ada_l");
  const bob = await anyone.register("bob_b");
  const { conversation } = await ada.call("open_direct", { userId: bob.session.me.id });
  await mkdir(folder.at(`messages/${conversation.id}.jsonl`), { recursive: true });

  const { databaseUrl, filesUrl, dataFolder } = started.config;
  await using database = await openDatabase<Tables>(databaseUrl);
  const { store } = await openFileStore(filesUrl, dataFolder);
  const exported = exportAccount({ database, store, progress: () => {} }, ada.session.me.id, folder.path);

  await expect(exported).rejects.toThrow("EISDIR");
});

test("an export has what the account can see, and nothing of others", async () => {
  await using started = await startTestChat();
  await using folder = await createTemporaryFolder();
  const anyone = new ApiClient(started.chat.url);
  const ada = await anyone.register("ada_l");
  const bob = await anyone.register("bob_b");
  const eve = await anyone.register("eve_e");
  const { conversation } = await ada.call("open_direct", { userId: bob.session.me.id });
  const { conversation: secret } = await bob.call("open_direct", { userId: eve.session.me.id });
  const form = new FormData();
  const bytes = Buffer.from("the minutes of the meeting");
  form.set("file", new File([bytes], "minutes.txt"));
  const { body: uploaded } = await ada.request("/files", { method: "POST", body: form });
  const { file } = uploaded as { file: { id: string; size: number } };
  await ada.call("send_message", {
    conversationId: conversation.id,
    clientMessageId: "export-1",
    content: { type: "file", body: { fileId: file.id, name: "minutes.txt", size: file.size } },
  });
  await bob.call("send_message", {
    conversationId: conversation.id,
    clientMessageId: "export-2",
    content: { type: "text", body: { text: "thanks" } },
  });
  await bob.call("send_message", {
    conversationId: secret.id,
    clientMessageId: "export-3",
    content: { type: "text", body: { text: "not for Ada" } },
  });

  const { databaseUrl, filesUrl, dataFolder } = started.config;
  await using database = await openDatabase<Tables>(databaseUrl);
  const { store } = await openFileStore(filesUrl, dataFolder);
  const told: unknown[] = [];
  const progress = (...line: unknown[]): void => void told.push(line);
  const summary = await exportAccount({ database, store, progress }, ada.session.me.id, folder.path);

  expect(summary).toEqual({ conversations: 1, messages: 2, files: 1 });
  expect(told).toEqual([[conversation.id, 2]]);
  expect(JSON.parse(await readFile(folder.at("account.json"), "utf8"))).toMatchObject({ username: "ada_l" });
  expect(await linesOf(folder.at("friends.jsonl"))).toEqual([]);
  expect(await linesOf(folder.at("conversations.jsonl"))).toMatchObject([{ id: conversation.id, lastSeq: 2 }]);
  expect(await linesOf(folder.at(`messages/${conversation.id}.jsonl`))).toMatchObject([
    { seq: 1, type: "file", body: { name: "minutes.txt" } },
    { seq: 2, type: "text", body: { text: "thanks" } },
  ]);
  expect(await readdir(folder.at("files"))).toEqual([`${file.id}.txt`]);
  const kept = await readFile(folder.at(`files/${file.id}.txt`));
  expect(createHash("sha256").update(kept).digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("an export is for its owner's eyes, also in a folder that others may enter", async () => {
  await using started = await startTestChat();
  await using folder = await createTemporaryFolder();
  await chmod(folder.path, 0o755);
  const anyone = new ApiClient(started.chat.url);
  const ada = await anyone.register("ada_l");
  const bob = await anyone.register("bob_b");
  const { conversation } = await ada.call("open_direct", { userId: bob.session.me.id });

  const { databaseUrl, filesUrl, dataFolder } = started.config;
  await using database = await openDatabase<Tables>(databaseUrl);
  const { store } = await openFileStore(filesUrl, dataFolder);
  await exportAccount({ database, store, progress: () => {} }, ada.session.me.id, folder.path);

  const names = ["account.json", "friends.jsonl", "conversations.jsonl", `messages/${conversation.id}.jsonl`];
  for (const name of names) expect([name, (await stat(folder.at(name))).mode & 0o077]).toEqual([name, 0]);
});

test("a file that several messages show is written and counted once", async () => {
  await using started = await startTestChat();
  await using folder = await createTemporaryFolder();
  const anyone = new ApiClient(started.chat.url);
  const ada = await anyone.register("ada_l");
  const bob = await anyone.register("bob_b");
  await bob.call("update_settings", { strangers: { visitor: null, user: null } });
  const { conversation } = await ada.call("open_direct", { userId: bob.session.me.id });
  const form = new FormData();
  form.set("file", new File(["the minutes of the meeting"], "minutes.txt"));
  const { body: uploaded } = await ada.request("/files", { method: "POST", body: form });
  const { file } = uploaded as { file: { id: string; size: number } };
  const content = { type: "file", body: { fileId: file.id, name: "minutes.txt", size: file.size } } as const;
  for (const clientMessageId of ["export-1", "export-2"])
    await ada.call("send_message", { conversationId: conversation.id, clientMessageId, content });

  const { databaseUrl, filesUrl, dataFolder } = started.config;
  await using database = await openDatabase<Tables>(databaseUrl);
  const { store } = await openFileStore(filesUrl, dataFolder);
  const summary = await exportAccount({ database, store, progress: () => {} }, ada.session.me.id, folder.path);

  expect(summary).toEqual({ conversations: 1, messages: 2, files: 1 });
  expect(await readdir(folder.at("files"))).toEqual([`${file.id}.txt`]);
});
