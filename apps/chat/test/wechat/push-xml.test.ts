import { describe, expect, test } from "vitest";
import { readPushXml } from "../../src/wechat/push-xml.ts";

describe("readPushXml", () => {
  test.each<[string, unknown]>([
    ["<xml><a>1</a><b><![CDATA[x < y & z]]></b></xml>", { a: "1", b: "x < y & z" }],
    ["<xml>\n  <a><b>1</b></a>\n</xml>", { a: { b: "1" } }],
    ["<xml><a>1</a><a>2</a></xml>", { a: "2" }],
    ["<xml><a>&lt;b&gt; &amp;lt; &quot;&apos; &nbsp;</a></xml>", { a: "<b> &lt; \"' &nbsp;" }],
    ["<xml><a></a></xml>", { a: "" }],
    ["<xml><a><![CDATA[]]]]><![CDATA[>]]></a></xml>", { a: "]]>" }],
    ["<xml>text</xml>", "text"],
    [`<xml>${"<a>".repeat(7)}${"</a>".repeat(7)}</xml>`, { a: { a: { a: { a: { a: { a: { a: "" } } } } } } }],
  ])("reads %s", (xml, value) => {
    expect(readPushXml(xml)).toEqual(value);
  });

  test.each([
    "",
    "text",
    "<other><a>1</a></other>",
    "<xml><a>1</a>",
    "<xml><a>1</b></xml>",
    "</xml>",
    "<xml></xml></xml>",
    '<xml><a b="1">1</a></xml>',
    '<!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>',
    "<xml><a><![CDATA[x</a></xml>",
    "<xml><a>1</a><",
    `<xml>${"<a>".repeat(8)}${"</a>".repeat(8)}</xml>`,
    `<xml><a>${"x".repeat(65_536)}</a></xml>`,
  ])("refuses text that WeChat does not send (%#)", (xml) => {
    expect(readPushXml(xml)).toBeUndefined();
  });

  test("makes a name like __proto__ an ordinary field", () => {
    const value = readPushXml("<xml><__proto__><a>1</a></__proto__></xml>");

    expect(Object.keys(Object(value))).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});
