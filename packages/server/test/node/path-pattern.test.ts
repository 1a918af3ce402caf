import { expect, test } from "vitest";
import { PathPattern } from "../../src/node/path-pattern.ts";

function match(pattern: string, path: string): Record<string, string> | undefined {
  const variables = new PathPattern(pattern).match(path);
  return variables && Object.fromEntries(variables);
}

test.each<[string, string, Record<string, string> | undefined]>([
  ["/socket/websocket", "/socket/websocket", {}],
  ["/socket/websocket", "/socket", undefined],
  ["/socket/websocket", "/socket/websocket/", undefined],
  ["/socket/websocket", "/socket/websocket/more", undefined],
  ["/socket/websocket", "/Socket/websocket", undefined],
  ["/socket/websocket", "//socket/websocket", undefined],
  ["/cable", "/socket/../cable", undefined],
  ["/cable", "/%63able", undefined],
  ["/socket/:tenant/websocket", "/socket/acme/websocket", { tenant: "acme" }],
  ["/socket/:tenant/websocket", "/socket//websocket", undefined],
  ["/socket/:tenant/:room", "/socket/acme/7", { tenant: "acme", room: "7" }],
  ["/socket/:tenant", "/socket/%E8%83%A1", { tenant: "胡" }],
  ["/socket/:tenant", "/socket/a%2Fb", { tenant: "a/b" }],
  ["/socket/:tenant", "/socket/%", undefined],
  ["/socket/:tenant", "/socket/%ff", undefined],
])("%s and %s give %j", (pattern, path, variables) => {
  expect(match(pattern, path)).toEqual(variables);
});

test("a variable named __proto__ is data", () => {
  expect(new PathPattern("/:__proto__").match("/x")).toEqual(new Map([["__proto__", "x"]]));
});
