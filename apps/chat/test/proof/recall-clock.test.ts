import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { DrivenClock } from "./support/driven-clock.ts";
import { makeGroup, PROOF_LIMIT_MS, startStage, text } from "./support/proof-stage.ts";

/** After the 120 s that are promised the server grants the time that the way takes. */
const GRACE_MS = 3_000;

describe.each(testEngines())("proof 5, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  test("a message is taken back for two minutes by the server's clock, by its sender or an admin", async () => {
    const clock = new DrivenClock();
    await using stage = await startStage(engine, clock);
    const [owner, ada, ben] = [
      await stage.people.user("owner"),
      await stage.people.user("ada_l"),
      await stage.people.user("ben_b"),
    ];
    const conversationId = await makeGroup(owner, [ada, ben]);
    const say = async (id: string): Promise<number> => {
      const content = text("oops");
      return (await ada.call("send_message", { conversationId, clientMessageId: id, content })).message.seq;
    };
    const [young, old] = [await say("young-one"), await say("old-one-1")];

    await clock.advance(119_000);
    await expect(ben.call("recall_message", { conversationId, seq: young })).rejects.toThrow("forbidden");
    expect((await ada.call("recall_message", { conversationId, seq: young })).message.type).toBe("recalled");
    await clock.advance(1_001 + GRACE_MS);
    await expect(ada.call("recall_message", { conversationId, seq: old })).rejects.toThrow("recall_expired");
    expect((await owner.call("recall_message", { conversationId, seq: old })).message.type).toBe("recalled");
  });

  test.each([-3_600_000, 3_600_000])("a client whose clock is off by %i ms changes no time", async (offsetMs) => {
    const clock = new DrivenClock();
    await using stage = await startStage(engine, clock);
    const ada = await stage.people.user("ada_l");
    const { conversation } = await ada.call("open_direct", { userId: (await stage.people.user("ben_b")).id });
    // A field that says when, as an ill-meaning client adds it: there is no such field.
    const lie = { createdAt: clock.now() + offsetMs, timestamp: clock.now() + offsetMs };
    const input = { conversationId: conversation.id, clientMessageId: "message-1", content: text("when?"), ...lie };

    const { message } = await ada.call("send_message", input);

    expect(message.createdAt).toBe(clock.now());
    await clock.advance(120_001 + GRACE_MS);
    const recall = { conversationId: conversation.id, seq: message.seq, createdAt: clock.now() };
    await expect(ada.call("recall_message", recall)).rejects.toThrow("recall_expired");
  });
});
