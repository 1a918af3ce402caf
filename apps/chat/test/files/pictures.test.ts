import { existsSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import { SQLITE_ENGINE } from "@hutong/database/testing";
import sharp from "sharp";
import { expect, test } from "vitest";
import { DEFAULT_FILE_OPTIONS } from "../../src/files/file-options.ts";
import { Pictures } from "../../src/files/pictures.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { openFileBench } from "./support/file-bench.ts";
import { canvas, gifNote, hollowPng, longGif, phonePicture } from "./support/pictures.ts";

test("a picture gets a thumbnail of at most 480 pixels", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  const file = await bench.uploaded("ada", await canvas(1_200, 600).png().toBuffer());

  expect(file).toMatchObject({ mime: "image/png", width: 1_200, height: 600, hasThumbnail: true });
  const thumbnail = await bench.get(`${file.id}/thumbnail`, { userId: "ada" });
  expect(await sharp(await thumbnail.arrayBuffer()).metadata()).toMatchObject({
    format: "webp",
    width: 480,
    height: 240,
  });
});

test("a small picture is not blown up", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  const file = await bench.uploaded("ada", await canvas(20, 10).webp().toBuffer());

  const thumbnail = await bench.get(`${file.id}/thumbnail`, { userId: "ada" });
  expect(await sharp(await thumbnail.arrayBuffer()).metadata()).toMatchObject({ width: 20, height: 10 });
});

test("a moving picture keeps its frames", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);
  const moving = await sharp(longGif(3), { animated: true }).webp().toBuffer();

  const gif = await bench.uploaded("ada", longGif(3));
  const webp = await bench.uploaded("ada", moving);

  expect([gif, webp]).toMatchObject([
    { mime: "image/gif", width: 1, height: 1 },
    { mime: "image/webp", width: 1, height: 1 },
  ]);
  for (const { id } of [gif, webp])
    expect(await sharp(await (await bench.get(id, { userId: "ada" })).arrayBuffer()).metadata()).toMatchObject({
      pages: 3,
    });
});

test("a profile picture becomes a square of 256 pixels", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  const file = await bench.uploaded("ada", await canvas(900, 300).jpeg().toBuffer(), { purpose: "profile" });

  expect(file).toMatchObject({ mime: "image/webp", width: 256, height: 256, hasThumbnail: false });
  const { status, reason } = await bench.upload("ada", "no picture", { purpose: "profile" });
  expect([status, reason]).toEqual([415, "type_not_allowed"]);
});

test("E2: a script behind the first bytes of a GIF is refused", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  const answer = await bench.upload("ada", "GIF89a/*....................*/=1;alert(1)", { type: "image/gif" });

  expect([answer.status, answer.reason]).toEqual([415, "type_not_allowed"]);
  expect(await bench.stored()).toEqual([]);
});

test("E2: what follows a picture does not come along", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);
  const picture = Buffer.concat([await canvas(20, 20).jpeg().toBuffer(), Buffer.from("<script>alert(1)</script>")]);

  const file = await bench.uploaded("ada", picture);

  expect(await (await bench.get(file.id, { userId: "ada" })).text()).not.toContain("alert");
});

test.each([
  ["65,535 × 65,535 pixels in a few bytes", hollowPng(65_535, 65_535)],
  ["a GIF of 5,000 frames", longGif(5_000)],
])("E3: %s are too large", async (_what, picture) => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  const answer = await bench.upload("ada", picture);

  expect([answer.status, answer.reason]).toEqual([413, "too_large"]);
  expect(await bench.stored()).toEqual([]);
});

test("E3: a GIF whose header promises a screen of 65,535 × 65,535 pixels is too large", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);
  const gif = longGif(1);
  gif.writeUInt32LE(0xffff_ffff, 6);

  expect((await bench.upload("ada", gif)).reason).toBe("too_large");
});

test("E2, E7: of a GIF only what is shown is kept", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);
  const shown = longGif(2);
  // The header has 19 bytes here: it ends with a table of two colours.
  const head = shown.subarray(0, 19);
  const gif = Buffer.concat([
    head,
    gifNote("NETSCAPE2.0", "\u0001\u0000\u0000"),
    gifNote("XMP DataXMP", "<exif:GPSLatitude>39,54N</exif:GPSLatitude>"),
    Buffer.from([0x21, 0xfe, 5, ...Buffer.from("alert"), 0]),
    shown.subarray(19),
    Buffer.from("<script>alert(1)</script>"),
  ]);

  const file = await bench.uploaded("ada", gif);

  const kept = Buffer.from(await (await bench.get(file.id, { userId: "ada" })).arrayBuffer());
  const wanted = [head, gifNote("NETSCAPE2.0", "\u0001\u0000\u0000"), shown.subarray(19)];
  expect(kept.toString("hex")).toBe(Buffer.concat(wanted).toString("hex"));
});

test("a GIF that is cut off is refused", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  expect((await bench.upload("ada", longGif(3).subarray(0, -4))).reason).toBe("type_not_allowed");
});

test("E3: a picture that lies about its pixels is refused", async () => {
  await using bench = await openFileBench(SQLITE_ENGINE);

  expect((await bench.upload("ada", hollowPng(100, 100))).reason).toBe("type_not_allowed");
  expect(await bench.stored()).toEqual([]);
});

test.each(["jpeg", "png", "webp"] as const)("E7: a %s loses where and with what it was taken", async (format) => {
  await using bench = await openFileBench(SQLITE_ENGINE);
  const taken = await sharp(await phonePicture(300, 200))
    .keepMetadata()
    .toFormat(format)
    .toBuffer();
  expect((await sharp(taken).metadata()).exif).toBeDefined();

  const file = await bench.uploaded("ada", taken);

  // It lay on its side, which its metadata said.
  expect(file).toMatchObject({ mime: `image/${format}`, width: 200, height: 300 });
  for (const path of [file.id, `${file.id}/thumbnail`]) {
    const metadata = await sharp(await (await bench.get(path, { userId: "ada" })).arrayBuffer()).metadata();
    expect([metadata.exif, metadata.icc, metadata.xmp, metadata.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  }
});

test.skipIf(!existsSync("/dev/full"))(
  "E5: a disk that is full while a picture is written is told as such",
  async () => {
    await using folder = await createTemporaryFolder();
    await writeFile(folder.at("draft"), await canvas(20, 20).png().toBuffer());
    await symlink("/dev/full", folder.at("draft.thumbnail"));

    const making = new Pictures(DEFAULT_FILE_OPTIONS).forMessage({ path: folder.at("draft"), mime: "image/png" });

    await expect(making).rejects.toMatchObject({ code: "storage_full" });
  },
);
