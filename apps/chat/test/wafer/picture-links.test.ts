import { expect, test } from "vitest";
import { PictureLinks } from "../../src/wafer/picture-links.ts";

const links = new PictureLinks(new Uint8Array(32).fill(7));

test("a link opens the file that it was made for", () => {
  expect(links.fileIdOf(links.pathOf("0190-abc"))).toBe("0190-abc");
});

test.each([
  ["another file", links.pathOf("one").replace("one", "two")],
  ["another server", new PictureLinks(new Uint8Array(32).fill(8)).pathOf("one")],
  ["no key", "/pictures/one"],
  ["a key of another length", "/pictures/one/short"],
  ["a path around it", `/x${links.pathOf("one")}`],
])("a link of %s opens nothing", (_what, path) => {
  expect(links.fileIdOf(path)).toBeUndefined();
});
