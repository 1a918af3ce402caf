import { describe, expect, test } from "vitest";

import { readEvents, type ServerSentEvent } from "../../src/inspector/api.ts";

async function read(...chunks: readonly Uint8Array[]): Promise<readonly ServerSentEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("readEvents", () => {
  test("reads events one by one", async () => {
    expect(await read(encode('event: frames\ndata: [1]\n\nevent: end\ndata: {"why":"time"}\n\n'))).toEqual([
      { event: "frames", data: "[1]" },
      { event: "end", data: '{"why":"time"}' },
    ]);
  });

  test("puts together what was cut, in the middle of a letter too", async () => {
    const bytes = encode('event: frames\ndata: ["胡同"]\n\n');

    expect(await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([
      { event: "frames", data: '["胡同"]' },
    ]);
  });

  test("leaves out an event that did not come to its end", async () => {
    expect(await read(encode("event: frames\ndata: [1]\n\nevent: frames\ndata: [2]"))).toEqual([
      { event: "frames", data: "[1]" },
    ]);
  });
});
