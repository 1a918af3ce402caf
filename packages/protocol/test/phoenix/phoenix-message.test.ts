import { expect, test } from "vitest";
import { type PhoenixMessage, writeTextFrame } from "../../src/phoenix/phoenix-message.ts";

const message: PhoenixMessage = {
  joinRef: null,
  ref: null,
  topic: "room:lobby",
  event: "new_msg",
  payload: { body: "你好" },
  extension: undefined,
};

test("a message without an extension is an array of five elements", () => {
  expect(writeTextFrame(message)).toBe('[null,null,"room:lobby","new_msg",{"body":"你好"}]');
});

test("an extension beside the message is written like one inside it, and leaves the message as it was", () => {
  const extension = ["e1", 7, "m7"];
  const beside = writeTextFrame(message, extension);
  expect(beside).toBe('[null,null,"room:lobby","new_msg",{"body":"你好"},["e1",7,"m7"]]');
  expect(writeTextFrame({ ...message, extension })).toBe(beside);
  expect(message.extension).toBeUndefined();
});
