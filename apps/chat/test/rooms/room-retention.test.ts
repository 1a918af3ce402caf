import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { eventually } from "@hutong/testing";
import { RoomRetention } from "../../src/rooms/room-retention.ts";
import { type MessageBench, openMessageBench } from "../messages/support/message-bench.ts";

const DAY = 24 * 3_600_000;

describe.each(testEngines())("retention of rooms on $name", (engine) => {
  function retentionOf({ database, clock, files }: MessageBench, failures: unknown[] = []): RoomRetention {
    return new RoomRetention({ database, clock, files, days: 30, failed: (error) => void failures.push(error) });
  }

  test("throws away what is older than it says, and nothing of groups", async () => {
    await using bench = await openMessageBench(engine);
    const room = await bench.room("lobby", await bench.user("ada"));
    const group = await bench.group("ada");
    const image = { type: "image", body: { fileId: "ada-1", width: 1, height: 1, caption: "火锅" } };
    await bench.call("ada", "send_message", {
      conversationId: room,
      clientMessageId: "message-1",
      content: image,
      mentions: ["ada"],
    });
    await bench.call("ada", "react", { conversationId: room, seq: 1, emoji: "👍", on: true });
    await bench.say("ada", group, "old");
    await bench.call("ada", "search_messages", { query: "火锅" });
    await bench.clock.advance(DAY);
    await bench.say("ada", room, "newer 火锅");
    await bench.clock.advance(29 * DAY + 1);

    expect(await retentionOf(bench).prune()).toBe(1);

    const page = await bench.call("ada", "pull_messages", { conversationId: room });
    expect(page.messages.map(({ seq }) => seq)).toEqual([2]);
    expect(await bench.say("ada", room, "next")).toBe(3);
    expect(await bench.rows(group)).toHaveLength(1);
    expect((await bench.call("ada", "search_messages", { query: "火锅" })).messages.map(({ seq }) => seq)).toEqual([2]);
    expect((await bench.call("ada", "pull_changes", { conversationId: room, after: 0 })).changes).toEqual([]);
    for (const table of ["reactions", "mentions", "message_changes"] as const)
      expect(await bench.database.read.selectFrom(table).selectAll().execute()).toEqual([]);
    expect([...bench.files.references]).toEqual([]);
  });

  test("looks at once and every hour, until it is closed", async () => {
    await using bench = await openMessageBench(engine);
    const room = await bench.room("lobby", await bench.user("ada"));
    await bench.say("ada", room, "old");
    const failures: unknown[] = [];
    const retention = retentionOf(bench, failures);
    retention.start();
    await bench.clock.advance(30 * DAY + 3_600_000);
    await eventually(async () => expect(await bench.rows(room)).toEqual([]));

    await retention.close();
    await bench.say("ada", room, "kept");
    await bench.clock.advance(31 * DAY);

    expect(await bench.rows(room)).toHaveLength(1);
    expect(failures).toEqual([]);
  });
});
