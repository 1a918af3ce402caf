import { INBOX_EVENTS } from "@hutong/chat-api";
import { expect, test } from "vitest";

import { INBOX_EVENT_NAMES } from "../../src/sync/inbox-listener.ts";

test("every event of the contract is heard", () => {
  expect(INBOX_EVENT_NAMES.toSorted()).toEqual(Object.keys(INBOX_EVENTS).toSorted());
});
