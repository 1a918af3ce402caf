import { describe, expect, test } from "vitest";
import { replaceRpx } from "../../src/rpx.ts";
import { dateColumns, labelOf, timeColumns, valueOfColumns } from "../../src/view/elements/picker-columns.ts";
import { resolveResource } from "../../src/view/resources.ts";
import { settleTheme } from "../../src/view/styles.ts";

describe("resolveResource", () => {
  const options = {
    assets: "http://h/assets/",
    files: "http://h/files/s/",
    map: new Map([["cdn.example.com", "http://127.0.0.1:1"]]),
  };

  test.each([
    ["./a b.png", "http://h/assets/pages/index/a%20b.png"],
    ["/images/a.png", "http://h/assets/images/a.png"],
    ["../../../up.png", "http://h/assets/up.png"],
    ["http://tmp/1.png", "http://h/files/s/1.png"],
    ["wxfile://usr/a b/c.png", "http://h/files/s/usr/a%20b/c.png"],
    ["wxfile://store_1.png", "http://h/files/s/store_1.png"],
    ["https://cdn.example.com/x?y=1", "http://127.0.0.1:1/x?y=1"],
    ["//cdn.example.com/x", "http://127.0.0.1:1/x"],
    ["https://other.example.com/x", "https://other.example.com/x"],
    ["data:image/png;base64,AA", "data:image/png;base64,AA"],
    ["javascript:alert(1)", ""],
    ["", ""],
  ])("%s → %s", (address, expected) => {
    expect(resolveResource(address, "pages/index/index", options)).toBe(expected);
  });
});

describe("replaceRpx", () => {
  test.each([
    ["width: 750rpx", "width: 100vw"],
    ["margin: -7.5rpx .75rpx 0 10px", "margin: -1vw 0.1vw 0 10px"],
    ["name: rpx", "name: rpx"],
  ])("%s → %s", (text, expected) => {
    expect(replaceRpx(text)).toBe(expected);
  });
});

describe("columns of a picker", () => {
  const at = (columns: ReturnType<typeof dateColumns>): readonly (string | undefined)[] =>
    columns.map(({ labels, index }) => labels[index]);

  test.each([
    [{ value: "2024-02-29", start: "2020-01-01", end: "2030-12-31", fields: "day" }, ["2024", "02", "29"]],
    [{ value: "2031-05-05", start: "2020-01-01", end: "2030-06-15", fields: "day" }, ["2030", "06", "15"]],
    [{ value: "1999-01-01", start: "2020-03-04", end: "2030-06-15", fields: "month" }, ["2020", "03"]],
    [{ value: "2022-11-30", start: "", end: "", fields: "year" }, ["2022"]],
    [{ value: "", start: "", end: "", fields: "day" }, ["2000", "01", "01"]],
  ])("a date %j shows %j", (limits, expected) => {
    expect(at(dateColumns(limits))).toEqual(expected);
  });

  test("days follow the month, and the limits cut the lists", () => {
    const february = dateColumns({ value: "2023-02-10", start: "2023-02-05", end: "2023-03-02", fields: "day" });
    const march = dateColumns({ value: "2023-03-01", start: "2023-02-05", end: "2023-03-02", fields: "day" });

    expect(february.map(({ labels }) => labels.length)).toEqual([1, 2, 24]);
    expect(march[2]?.labels).toEqual(["01", "02"]);
  });

  test("a time stays between its limits", () => {
    const columns = timeColumns({ value: "23:50", start: "09:30", end: "18:15", fields: "" });

    expect(valueOfColumns(columns, ":")).toBe("18:15");
    expect(columns.map(({ labels }) => [labels[0], labels.at(-1)])).toEqual([
      ["09", "18"],
      ["00", "15"],
    ]);
  });

  test.each([
    [{ name: "n" }, "name", "n"],
    [{ name: "n" }, "none", ""],
    ["text", "name", "text"],
    [7, "", "7"],
    [null, "", ""],
  ])("%j with the key %j is called %j", (entry, key, label) => {
    expect(labelOf(entry, key)).toBe(label);
  });
});

describe("settleTheme", () => {
  const sheet =
    "@media (prefers-color-scheme: dark) { a {} } @media screen and (prefers-color-scheme:light) { b {} } @media (max-width: 9px) { c {} }";

  test.each([
    ["dark", "@media (min-width: 0) { a {} } @media not all { b {} } @media (max-width: 9px) { c {} }"],
    ["light", "@media not all { a {} } @media screen and (min-width: 0) { b {} } @media (max-width: 9px) { c {} }"],
  ] as const)("in a %s theme only its own rules count", (theme, expected) => {
    expect(settleTheme(sheet, theme)).toBe(expected);
  });
});
