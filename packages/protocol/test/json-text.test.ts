import { expect, test } from "vitest";
import { JsonText } from "../src/json-text.ts";

test("the text is written when it is asked for, and once", () => {
  let writes = 0;
  const json = new JsonText({ toJSON: () => ({ writes: ++writes }) });
  expect(writes).toBe(0);

  expect([json.text, json.text]).toEqual(['{"writes":1}', '{"writes":1}']);
});

test("nothing is an empty object, and what JSON has no word for is null", () => {
  expect(new JsonText(undefined).text).toBe("{}");
  expect(new JsonText(() => 1).text).toBe("null");
  expect(new JsonText({ toJSON: () => undefined }).text).toBe("null");
});
