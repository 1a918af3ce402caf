import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { linkify } from "../../src/state/linkify.ts";

function links(text: string): readonly string[] {
  return linkify(text).flatMap((part) => (part.kind === "link" ? [part.url] : []));
}

describe("linkify", () => {
  test("text without an address is one stretch", () => {
    expect(linkify("hello <b>you</b>")).toEqual([{ kind: "text", text: "hello <b>you</b>" }]);
  });

  test("an address stands apart from the text around it", () => {
    expect(linkify("see https://example.com/a?b=1#c now")).toEqual([
      { kind: "text", text: "see " },
      { kind: "link", text: "https://example.com/a?b=1#c", url: "https://example.com/a?b=1#c" },
      { kind: "text", text: " now" },
    ]);
  });

  test("only http and https become links", () => {
    expect(links("javascript:alert(1) data:text/html,x ftp://example.com mailto:a@example.com //example.com")).toEqual(
      [],
    );
    expect(links("http://example.com HTTPS://example.com")).toEqual(["http://example.com", "HTTPS://example.com"]);
  });

  test("the full stop of the sentence is not part of the address", () => {
    expect(links("Go to https://example.com/a. Then (https://example.com/b), then https://example.com/c?!")).toEqual([
      "https://example.com/a",
      "https://example.com/b",
      "https://example.com/c",
    ]);
  });

  test("a bracket that the address opened stays in it", () => {
    expect(links("https://example.com/Lane_(Beijing)")).toEqual(["https://example.com/Lane_(Beijing)"]);
  });

  test("Chinese punctuation ends an address, Chinese letters do not", () => {
    expect(links("看https://example.com/豆汁儿，再说。（https://example.com/b）")).toEqual([
      "https://example.com/豆汁儿",
      "https://example.com/b",
    ]);
  });

  test("quotes and angle brackets end an address", () => {
    expect(links(`<a href="https://example.com/x">`)).toEqual(["https://example.com/x"]);
  });

  test("a scheme alone is text", () => {
    expect(links("https:// and http://")).toEqual([]);
  });

  test("the parts of any text joined are the text", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("https://a.example", "http://", "https://b.example/(x)", "。", ")", "."),
    );

    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("");
        expect(
          linkify(text)
            .map((part) => part.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });
});
