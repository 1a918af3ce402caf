import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { makeGroup, PROOF_LIMIT_MS, startStage, text } from "./support/proof-stage.ts";

describe.each(testEngines())("proof 12, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  test("two Chinese characters find a message at once, until it is recalled", async () => {
    await using stage = await startStage(engine);
    const [owner, ada] = [await stage.people.user("owner"), await stage.people.user("ada_l")];
    const conversationId = await makeGroup(owner, [ada]);
    const { message } = await ada.call("send_message", {
      conversationId,
      clientMessageId: "message-1",
      content: text("今天晚上一起去胡同口吃火锅吧"),
    });
    const found = async (query: string): Promise<readonly number[]> =>
      (await owner.call("search_messages", { query })).messages.map(({ seq }) => seq);

    expect(await found("火锅")).toEqual([message.seq]);
    expect(await found("胡同 火锅")).toEqual([message.seq]);
    expect(await found("锅火")).toEqual([]);
    await ada.call("recall_message", { conversationId, seq: message.seq });
    expect(await found("火锅")).toEqual([]);
  });
});
