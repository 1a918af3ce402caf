import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClientMessage, RecoverRequest } from "../../src/index.ts";
import { wireProtocolNamed } from "../read-vectors.ts";

const cable = wireProtocolNamed("actioncable-v1-ext-json");
const IDENTIFIER = '{"channel":"RoomChannel","id":"1"}';

const topics = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((topic) => topic !== "__proto__");
const epochs = fc.string({ unit: "grapheme-ascii", maxLength: 12 });
const offsets = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const streams = fc.dictionary(topics, fc.record({ epoch: epochs, offset: offsets }), { minKeys: 1, maxKeys: 4 });

function ask(history: unknown): ClientMessage {
  return cable.decode(JSON.stringify({ command: "history", identifier: IDENTIFIER, history }));
}

function recoverOf(message: ClientMessage): RecoverRequest | undefined {
  if (message.kind === "recover") return message.request;
  return message.kind === "join" ? message.recover : undefined;
}

describe("a request for history", () => {
  test("names every stream with its place, whatever the names are", () => {
    fc.assert(
      fc.property(streams, (places) => {
        const recover = recoverOf(ask({ streams: places }));

        expect(recover).toEqual({
          kind: "offsets",
          offsets: Object.entries(places).map(([topic, place]) => ({ topic, ...place })),
        });
      }),
    );
  });

  test("gives its time in milliseconds beside the streams", () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 4_000_000_000 }), (places, since) => {
        const recover = recoverOf(ask({ streams: places, since }));

        expect(recover).toMatchObject({ kind: "offsets", sinceMs: since * 1_000 });
      }),
    );
  });

  test("is the same in a subscribe", () => {
    fc.assert(
      fc.property(streams, (places) => {
        const history = { streams: places };
        const command = JSON.stringify({ command: "subscribe", identifier: IDENTIFIER, history });

        expect(recoverOf(cable.decode(command))).toEqual(recoverOf(ask(history)));
      }),
    );
  });

  test("is malformed as a whole when one place cannot be read", () => {
    const broken = fc.constantFrom<unknown>(
      null,
      7,
      "x",
      {},
      { epoch: "e" },
      { offset: 1 },
      { epoch: "e", offset: -1 },
    );
    fc.assert(
      fc.property(streams, topics, broken, (places, topic, place) => {
        const recover = recoverOf(ask({ streams: { ...places, [topic]: place } }));

        expect(recover).toEqual({ kind: "malformed" });
      }),
    );
  });

  test("asks for nothing more than a stream of the client's own when the time is no time", () => {
    const noTime = fc.constantFrom<unknown>(false, 0, -1, 1.5, "1700000000", null);
    fc.assert(
      fc.property(streams, noTime, (places, since) => {
        expect(recoverOf(ask({ streams: places, since }))).toEqual(recoverOf(ask({ streams: places })));
      }),
    );
  });
});
