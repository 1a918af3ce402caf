import { describe, expect, test } from "vitest";

import { findMentions, toMentionQuery } from "../../../src/chat/views/composer/mention-query.ts";

const personOf = (name: string) => ({ userId: name, name, picture: null });

describe("toMentionQuery", () => {
  test("a name is being typed after an @ at the caret", () => {
    expect(toMentionQuery("@")).toBe("");
    expect(toMentionQuery("hello @bo")).toBe("bo");
    expect(toMentionQuery("你好@陈")).toBe("陈");
  });

  test("an e-mail address and a finished name are no mention", () => {
    expect(toMentionQuery("write to ada@example")).toBe(undefined);
    expect(toMentionQuery("@bo can")).toBe(undefined);
    expect(toMentionQuery("no at all")).toBe(undefined);
  });
});

describe("findMentions", () => {
  test("names that begin with the query come first", () => {
    const people = ["Kobo", "Bo", "Ada", "bobby"].map(personOf);

    expect(findMentions(people, "bo").map(({ name }) => name)).toEqual(["Bo", "bobby", "Kobo"]);
  });
});
