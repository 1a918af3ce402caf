import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTopic, isTopicPattern, matchesTopic, MAX_TOPIC_BYTES } from "../src/index.ts";

const topics = fc.stringMatching(/^[A-Za-z0-9:_\-./@+=~,|!()%&;]{1,255}$/);

describe("isTopic", () => {
  test.each(["room:42", "room:", "a", "lobby", "user/1@host", "x".repeat(255)])("takes %s", (value) => {
    expect(isTopic(value)).toBe(true);
  });

  test.each([
    "",
    " ",
    "room 1",
    "room:*",
    "room:>",
    "#1",
    "$hutong",
    "房间",
    'a"b',
    "a\nb",
    "room:1\n",
    "x".repeat(256),
  ])("refuses %j", (value) => {
    expect(isTopic(value)).toBe(false);
  });

  test("the limit is what one length byte holds", () => {
    expect(MAX_TOPIC_BYTES).toBe(255);
  });
});

describe("isTopicPattern", () => {
  test.each(["*", "room:*", "room:42", "foo*"])("takes %s", (value) => {
    expect(isTopicPattern(value)).toBe(true);
  });

  test.each(["", "**", "room:*:a", "*room", "room :*"])("refuses %j", (value) => {
    expect(isTopicPattern(value)).toBe(false);
  });
});

describe("matchesTopic", () => {
  test("PHX-6: an exact pattern matches its topic only", () => {
    expect(matchesTopic("room:lobby", "room:lobby")).toBe(true);
    expect(matchesTopic("room:lobby", "room:lobby2")).toBe(false);
    expect(matchesTopic("room:lobby", "room:")).toBe(false);
  });

  test("PHX-6: a star matches by plain prefix, and may stand for nothing", () => {
    expect(matchesTopic("room:*", "room:42")).toBe(true);
    expect(matchesTopic("room:*", "room:")).toBe(true);
    expect(matchesTopic("foo*", "food:1")).toBe(true);
    expect(matchesTopic("*", "anything")).toBe(true);
    expect(matchesTopic("room:*", "room")).toBe(false);
    expect(matchesTopic("room:*", "a:room:1")).toBe(false);
  });

  test("every topic matches itself and each of its prefixes with a star", () => {
    fc.assert(
      fc.property(topics, fc.nat(255), (topic, length) => {
        expect(isTopic(topic)).toBe(true);
        expect(matchesTopic(topic, topic)).toBe(true);
        expect(matchesTopic(`${topic.slice(0, length)}*`, topic)).toBe(true);
      }),
    );
  });

  test("two different topics never match each other", () => {
    fc.assert(
      fc.property(topics, topics, (one, other) => {
        expect(matchesTopic(one, other)).toBe(one === other);
      }),
    );
  });
});
