import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { SQLITE_ENGINE } from "@hutong/database/testing";
import { eventually } from "@hutong/testing";
import { expect, test } from "vitest";
import { DEFAULT_FILE_OPTIONS } from "../../src/files/file-options.ts";
import { openFileBench } from "./support/file-bench.ts";
import { BOUNDARY, MULTIPART, part } from "./support/form.ts";

const KIB = 1_024;
const SMALL = {
  ...DEFAULT_FILE_OPTIONS,
  maxBytes: { image: 64 * KIB, voice: 64 * KIB, video: 256 * KIB, file: 256 * KIB },
};

test.each([
  ["an SVG with a script", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "image/svg+xml"],
  ["HTML that says it is a picture", "<!doctype html><script>alert(1)</script>", "image/png"],
  ["a script", "alert(1)", "text/javascript"],
])("E2: %s is a file without a type, to be saved", async (_what, content, type) => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  const file = await bench.uploaded("ada", content, { name: "picture.png", type });

  expect(file).toMatchObject({ mime: "application/octet-stream", hasThumbnail: false });
  const { headers } = await bench.get(file.id, { userId: "ada" });
  expect(headers.get("content-disposition")).toMatch(/^attachment;/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toMatch(/^sandbox;/);
});

test("E4: a file that is too large for its kind is refused before it is read to its end", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE, { options: SMALL });

  const chunked = bench.begin("ada", MULTIPART);
  chunked.write(part('name="file"; filename="a"'));
  chunked.write(Buffer.alloc(300 * KIB));

  expect(await chunked.answer).toMatchObject({ status: 413, reason: "too_large" });
  expect(await bench.stored()).toEqual([]);
  const picture = Buffer.concat([Buffer.from("GIF89a"), randomBytes(100 * KIB)]);
  expect((await bench.upload("ada", picture)).reason).toBe("too_large");
  expect((await bench.upload("ada", Buffer.alloc(256 * KIB))).status).toBe(200);
  expect((await bench.upload("ada", Buffer.alloc(256 * KIB + 1))).reason).toBe("too_large");
});

test("E4: a length that is too large is refused before the body comes", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE, { options: SMALL });

  const announced = bench.begin("ada", { ...MULTIPART, "content-length": "10000000" });
  announced.write(part('name="file"; filename="a"'));

  expect(await announced.answer).toMatchObject({ status: 413, reason: "too_large" });
});

test("E4: an upload that stands still is ended, and so is one that takes too long", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE, { options: { idleMs: 1_000, totalMs: 1_500 } });
  const begin = async () => {
    const upload = bench.begin("ada", MULTIPART);
    upload.write(`${part('name="file"; filename="a"')}some of it`);
    await eventually(async () => expect(await bench.stored()).toHaveLength(1));
    return upload;
  };

  const still = await begin();
  await bench.clock.advance(1_000);

  expect(await still.answer).toMatchObject({ status: 400, reason: "bad_request" });
  expect(await bench.stored()).toEqual([]);

  const long = await begin();
  await bench.clock.advance(900);
  long.write(" and more");
  const [draft = ""] = await bench.stored();
  await eventually(async () => expect((await stat(draft)).size).toBe("some of it and more".length));
  await bench.clock.advance(600);

  expect(await long.answer).toMatchObject({ status: 400, reason: "bad_request" });
  expect(await bench.stored()).toEqual([]);
  expect(bench.clock.timerCount).toBe(0);
});

test.each([
  ["no form", { "content-type": "application/json" }, "{}"],
  ["a form without a boundary", { "content-type": "multipart/form-data" }, part('name="file"; filename="a"')],
  ["a form without an end", MULTIPART, `${part('name="file"; filename="a"')}x`],
  ["a form without a file", MULTIPART, `${part('name="note"')}x\r\n--${BOUNDARY}--\r\n`],
  ["an empty file", MULTIPART, `${part('name="file"; filename="a"')}\r\n--${BOUNDARY}--\r\n`],
  ["two files", MULTIPART, `${`${part('name="file"; filename="a"')}x\r\n`.repeat(2)}--${BOUNDARY}--\r\n`],
  ["10,000 parts", MULTIPART, `${`${part('name="note"')}x\r\n`.repeat(10_000)}--${BOUNDARY}--\r\n`],
  ["another field", MULTIPART, `${part('name="__proto__"; filename="a"')}x\r\n--${BOUNDARY}--\r\n`],
  ["nothing", MULTIPART, ""],
])("E4: %s is a bad request", async (_what, headers, body) => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  const upload = bench.begin("ada", headers);
  upload.write(body);
  upload.end();

  expect(await upload.answer).toMatchObject({ status: 400, reason: "bad_request" });
  expect(await bench.stored()).toEqual([]);
  expect(bench.failures).toEqual([]);
});

test("E4: fields that mean nothing are no trouble", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);
  const upload = bench.begin("ada", MULTIPART);

  upload.write(`${part('name="__proto__"')}{"isAdmin":true}\r\n`);
  upload.write(`${part('name="file"; filename="a"')}x\r\n--${BOUNDARY}--\r\nafter the end`);
  upload.end();

  expect(await upload.answer).toMatchObject({ status: 200 });
  expect(Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
});
