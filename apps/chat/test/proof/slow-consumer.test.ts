import { testEngines } from "@hutong/database/testing";
import { DEFAULT_CONNECTION_LIMITS, type Server } from "@hutong/server";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ProofClient } from "./support/proof-client.ts";
import { makeGroup, PROOF_LIMIT_MS, startStage, text } from "./support/proof-stage.ts";

/** Fills the buffers of the system soon, which hide for a while that nobody reads. */
const LONG_TEXT = "很".repeat(3_900);
const AT_ONCE = 32;
/** More than any system buffers. */
const MAX_ROUNDS = 100;
const WAIT = { limitMs: PROOF_LIMIT_MS / 4 };

describe.each(testEngines())("proof 6, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  test("who does not read is cut at the limit of its queue, and synchronises when it reads again", async () => {
    await using stage = await startStage(engine);
    const { server } = stage.started.chat;
    const [ada, ben, idle] = [
      await stage.people.user("ada_l"),
      await stage.people.user("ben_b"),
      await stage.people.user("idle"),
    ];
    const conversationId = await makeGroup(ada, [ben, idle]);
    const webSockets: WebSocket[] = [];
    class SeenWebSocket extends WebSocket {
      constructor(url: string, subprotocols?: string[]) {
        super(url, subprotocols);
        webSockets.push(this);
      }
    }
    await using reader = await new ProofClient(stage.url, ben).connect();
    await using stalled = await new ProofClient(stage.url, idle, { webSocket: SeenWebSocket }).connect();
    expect(connectionsOf(server)).toBe(2);

    webSockets[0]?.pause();
    let [count, mostQueued] = [0, 0];
    for (let round = 0; connectionsOf(server) === 2 && round < MAX_ROUNDS; round++) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, () => {
          const clientMessageId = `message-${++count}`;
          return ada.call("send_message", { conversationId, clientMessageId, content: text(LONG_TEXT) });
        }),
      );
      mostQueued = Math.max(mostQueued, ...[...server.connections()].map(({ bufferedAmount }) => bufferedAmount));
    }

    expect(connectionsOf(server)).toBe(1);
    expect(mostQueued).toBeLessThan(DEFAULT_CONNECTION_LIMITS.maxQueuedBytes);
    const seqs = Array.from({ length: count + 1 }, (_, index) => index + 1);
    await eventually(() => expect(reader.shown(conversationId)).toEqual(seqs), WAIT);
    expect(stalled.shown(conversationId).length).toBeLessThan(seqs.length);

    webSockets[0]?.resume();
    await eventually(() => expect(stalled.shown(conversationId)).toEqual(seqs), WAIT);
    expect(webSockets).toHaveLength(2);
  });
});

/** Connections that are up; one that is being closed is not among them. */
function connectionsOf(server: Server): number {
  return [...server.connections()].filter(({ state }) => state === "open").length;
}
