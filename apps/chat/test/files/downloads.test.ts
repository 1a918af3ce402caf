import { request as httpRequest } from "node:http";
import { once } from "node:events";
import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { addPeople } from "../support/people.ts";
import { type FileBench, openFileBench } from "./support/file-bench.ts";
import { canvas } from "./support/pictures.ts";
import { enter, group, recall, show } from "./support/shown-files.ts";

/** Whether a user gets a file. */
async function reads(bench: FileBench, userId: string, path: string): Promise<boolean> {
  const response = await bench.get(path, { userId });
  const body = await response.text();
  if (response.status !== 200) expect([response.status, body]).toEqual([404, expect.stringContaining("not_found")]);
  return response.status === 200;
}

describe.each(testEngines())("downloads on $name", (engine) => {
  test("E8: a file is its owner's until a message shows it, and then its readers' too", async () => {
    await using bench = await openFileBench(engine);
    await addPeople(bench.database, ["ada", "bo", "eve"]);
    const id = await group(bench.database, "g", ["ada", "bo"]);
    const file = await bench.uploaded("ada", "x");
    const before = [await reads(bench, "ada", file.id), await reads(bench, "bo", file.id)];

    await show(bench.database, id, { from: "ada", fileIds: [file.id] });

    expect(before).toEqual([true, false]);
    expect([await reads(bench, "bo", file.id), await reads(bench, "eve", file.id)]).toEqual([true, false]);
  });

  test("E8: a thumbnail is as closed as its picture", async () => {
    await using bench = await openFileBench(engine);
    const file = await bench.uploaded("ada", await canvas(20, 20).png().toBuffer());

    expect(await reads(bench, "ada", `${file.id}/thumbnail`)).toBe(true);
    expect(await reads(bench, "eve", `${file.id}/thumbnail`)).toBe(false);
  });

  test("E8: whoever comes later does not see the files of before, and whoever left none of after", async () => {
    await using bench = await openFileBench(engine);
    await addPeople(bench.database, ["ada", "bo", "cy"]);
    const id = await group(bench.database, "g", ["ada", "bo"]);
    const [early, late] = [await bench.uploaded("ada", "early"), await bench.uploaded("ada", "late")];
    const lastSeen = await show(bench.database, id, { from: "ada", fileIds: [early.id] });
    await bench.database.write((transaction) =>
      transaction.updateTable("members").set({ left_at: 1, max_seq: lastSeen }).where("user_id", "=", "bo").execute(),
    );
    await enter(bench.database, id, "cy");

    await show(bench.database, id, { from: "ada", fileIds: [late.id] });

    expect([await reads(bench, "bo", early.id), await reads(bench, "bo", late.id)]).toEqual([true, false]);
    expect([await reads(bench, "cy", early.id), await reads(bench, "cy", late.id)]).toEqual([false, true]);
  });

  test("E8: a file goes with the message that is recalled, or that its reader has deleted", async () => {
    await using bench = await openFileBench(engine);
    await addPeople(bench.database, ["ada", "bo"]);
    const id = await group(bench.database, "g", ["ada", "bo"]);
    const [one, two] = [await bench.uploaded("ada", "1"), await bench.uploaded("ada", "2")];
    const recalled = await show(bench.database, id, { from: "ada", fileIds: [one.id] });
    const seq = await show(bench.database, id, { from: "ada", fileIds: [two.id] });

    await recall(bench.database, id, recalled);
    await bench.database.write((transaction) =>
      transaction.insertInto("hidden_messages").values({ user_id: "bo", conversation_id: id, seq }).execute(),
    );

    expect([await reads(bench, "bo", one.id), await reads(bench, "bo", two.id)]).toEqual([false, false]);
    expect(await reads(bench, "ada", one.id)).toBe(true);
  });

  test("a profile picture is for everyone with a session, and for nobody without", async () => {
    await using bench = await openFileBench(engine);
    const file = await bench.uploaded("ada", await canvas(20, 20).png().toBuffer(), { purpose: "profile" });

    expect(await reads(bench, "eve", file.id)).toBe(true);
    expect((await bench.get(file.id)).status).toBe(401);
    expect((await bench.get(file.id, { userId: "expired" })).status).toBe(401);
    expect((await bench.get("no-such-file")).status).toBe(401);
  });

  test.each(["no-such-file", "%00", "x".repeat(100), "..%2f..%2fetc%2fpasswd"])(
    "the id %s is not found",
    async (path) => {
      await using bench = await openFileBench(engine);

      expect(await reads(bench, "ada", path)).toBe(false);
      expect(bench.failures).toEqual([]);
    },
  );

  test("a file without a thumbnail has none to give", async () => {
    await using bench = await openFileBench(engine);
    const file = await bench.uploaded("ada", "x");

    expect(await reads(bench, "ada", `${file.id}/thumbnail`)).toBe(false);
  });

  test("the cookie opens what its session may read, as long as the session lives", async () => {
    await using bench = await openFileBench(engine);
    const file = await bench.uploaded("ada", "x");
    const cookieOf = (sessionId: string) => bench.files.cookie.headerFor({ sessionId }).split(";")[0] ?? "";
    const status = async (cookie: string) => (await bench.get(file.id, { headers: { cookie } })).status;

    expect(bench.files.cookie.headerFor({ sessionId: "session-ada" })).toMatch(
      /^hutong_files=session-ada\.[\w-]{43}; Path=\/api\/files; Max-Age=5184000; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(await status(`theme=dark; ${cookieOf("session-ada")}; more=1`)).toBe(200);
    expect(await status(cookieOf("session-eve"))).toBe(404);
    const signature = cookieOf("session-eve").split(".")[1] ?? "";
    expect(await status(`hutong_files=session-ada.${signature}`)).toBe(401);
    bench.ended.add("session-ada");
    expect(await status(cookieOf("session-ada"))).toBe(401);
  });

  test("ranges are answered with their part", async () => {
    await using bench = await openFileBench(engine);
    const { id } = await bench.uploaded("ada", "0123456789");
    const ask = async (headers: Record<string, string>) => {
      const response = await bench.get(id, { userId: "ada", headers });
      return [response.status, response.headers.get("content-range"), await response.text()];
    };

    expect(await ask({})).toEqual([200, null, "0123456789"]);
    expect(await ask({ range: "bytes=2-4" })).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await ask({ range: "bytes=-2" })).toEqual([206, "bytes 8-9/10", "89"]);
    expect(await ask({ range: "bytes=10-" })).toEqual([416, "bytes */10", ""]);
    expect(await ask({ range: "bytes=0-1,4-5" })).toEqual([200, null, "0123456789"]);
    expect(await ask({ range: "bytes=2-4", "if-range": `"${id}"` })).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await ask({ range: "bytes=2-4", "if-range": '"another"' })).toEqual([200, null, "0123456789"]);
  });

  test("what the client has is not sent again", async () => {
    await using bench = await openFileBench(engine);
    const { id } = await bench.uploaded("ada", "x");

    const first = await bench.get(id, { userId: "ada" });
    const entityTag = first.headers.get("etag") ?? "";
    const again = await bench.get(id, { userId: "ada", headers: { "if-none-match": entityTag } });
    const others = await bench.get(id, { userId: "eve", headers: { "if-none-match": entityTag } });

    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    expect([first.status, again.status, others.status]).toEqual([200, 304, 404]);
  });

  test("headers say what is shown in place and what is saved", async () => {
    await using bench = await openFileBench(engine);
    const picture = await bench.uploaded("ada", await canvas(20, 20).png().toBuffer(), { name: "a.png" });
    const paper = await bench.uploaded("ada", "%PDF-1.7\n");
    await bench.database.write((transaction) =>
      transaction.updateTable("files").set({ name: `报告 "1"'.pdf` }).where("id", "=", paper.id).execute(),
    );
    const headersOf = async (id: string) => {
      const { headers } = await bench.get(id, { userId: "ada" });
      return ["content-type", "content-disposition", "x-content-type-options"].map((name) => headers.get(name));
    };

    expect(await headersOf(picture.id)).toEqual([
      "image/png",
      `inline; filename="a.png"; filename*=UTF-8''a.png`,
      "nosniff",
    ]);
    expect(await headersOf(paper.id)).toEqual([
      "application/pdf",
      `attachment; filename="__ _1__.pdf"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%20%221%22%27.pdf`,
      "nosniff",
    ]);
  });

  test("HEAD gives the headers alone", async () => {
    await using bench = await openFileBench(engine);
    const { id } = await bench.uploaded("ada", "0123456789");

    const request = httpRequest(`${bench.url}/api/files/${id}`, {
      method: "HEAD",
      headers: { authorization: "Bearer ada" },
    });
    request.end();
    const [response] = await once(request, "response");

    expect([response.statusCode, response.headers["content-length"]]).toEqual([200, "10"]);
  });

  test("a content that is lost is not found, and somebody hears of it", async () => {
    await using bench = await openFileBench(engine);
    const { id } = await bench.uploaded("ada", "x");
    const { storage_key: key } = await bench.database.read
      .selectFrom("files")
      .select("storage_key")
      .executeTakeFirstOrThrow();
    await bench.store.delete(key);

    expect(await reads(bench, "ada", id)).toBe(false);
    expect(bench.failures).toMatchObject([{ code: "missing" }]);
  });
});
