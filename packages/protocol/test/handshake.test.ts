import { describe, expect, test } from "vitest";
import { actionCable, HUTONG_VSN, phoenix } from "../src/index.ts";
import { readVectorFile, WIRE_PROTOCOLS } from "./read-vectors.ts";

interface HandshakeVector {
  readonly clause: string;
  readonly name: string;
  readonly grammar: "phoenix" | "action-cable";
  readonly offer: { readonly vsn?: string; readonly subprotocols: readonly string[] };
  readonly outcome: {
    readonly reason?: string;
    readonly wireProtocol?: string;
    readonly subprotocol?: string;
    readonly token?: string;
  };
}

const GRAMMARS = { phoenix, "action-cable": actionCable };

describe("negotiate", () => {
  const { vectors } = readVectorFile("handshake.json") as { readonly vectors: readonly HandshakeVector[] };

  test.each(vectors)("$clause: $name", ({ grammar, offer, outcome }) => {
    const negotiation = GRAMMARS[grammar].negotiate({ vsn: offer.vsn, subprotocols: offer.subprotocols });

    expect(negotiation).toStrictEqual(
      outcome.reason === undefined
        ? {
            kind: "agreed",
            wireProtocol: WIRE_PROTOCOLS.get(outcome.wireProtocol ?? ""),
            subprotocol: outcome.subprotocol,
            token: outcome.token,
          }
        : { kind: "disagreed", reason: outcome.reason },
    );
  });

  test("the version of Hutong's own client selects the extension", () => {
    expect(HUTONG_VSN).toBe("2.0.0+hutong.1");
    expect([...WIRE_PROTOCOLS.keys()]).toEqual([
      "phoenix-1",
      "phoenix-2",
      "phoenix-2+hutong.1",
      "actioncable-v1-json",
      "actioncable-v1-ext-json",
    ]);
  });
});

describe("grammars", () => {
  test("have the names that configurations and metrics use", () => {
    expect([phoenix.name, actionCable.name]).toEqual(["phoenix", "action-cable"]);
  });

  test.each([
    ["phoenix-1", false],
    ["phoenix-2", false],
    ["phoenix-2+hutong.1", true],
  ])("%s expects what Phoenix does; that its clients are told positions is %s", (name, positions) => {
    expect(WIRE_PROTOCOLS.get(name)?.traits).toEqual({
      greets: false,
      refusal: "before_upgrade",
      joinAnswer: "before_hook",
      secondJoin: "replaces",
      handlerFailure: "ends_channel",
      positions,
      historyAnswer: "with_join",
      presence: "diffs",
      limitedJoin: "refused",
      malformedFrame: "closes",
    });
  });

  test("Action Cable expects what Rails does", () => {
    expect(WIRE_PROTOCOLS.get("actioncable-v1-json")?.traits).toEqual({
      greets: true,
      refusal: "after_upgrade",
      joinAnswer: "after_hook",
      secondJoin: "ignored",
      handlerFailure: "fails_message",
      positions: false,
      historyAnswer: "with_join",
      presence: "diffs",
      limitedJoin: "ignored",
      malformedFrame: "ignored",
    });
  });

  test("AnyCable's dialect differs where its clients are told of history and presence", () => {
    const plain = WIRE_PROTOCOLS.get("actioncable-v1-json")?.traits;

    expect(WIRE_PROTOCOLS.get("actioncable-v1-ext-json")?.traits).toEqual({
      ...plain,
      positions: true,
      historyAnswer: "in_turn",
      presence: "news",
    });
  });
});
